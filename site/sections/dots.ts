// A cloud as dots in the colours of their classes, a ring around the one that is chosen, and a legend that leaves one class
// in full colour.
import { type Cloud, SIDE } from '../cloud.ts';

/** Colours that the style sheet has for classes. */
const COLOURS = 10;
const DOT = 7;
const RING = 16;
const SVG = 'http://www.w3.org/2000/svg';

function shape<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

export function createDots(map: HTMLElement, legend: HTMLElement) {
  let chosen: number | undefined;
  const fade = () => {
    for (const group of map.querySelectorAll<SVGElement>('g'))
      group.classList.toggle('faded', chosen !== undefined && group.dataset.of !== String(chosen));
    for (const button of legend.querySelectorAll('button'))
      button.setAttribute('aria-pressed', String(button.dataset.of === String(chosen)));
  };
  return {
    show({ card, points, labels }: Cloud) {
      const svg = shape('svg', { viewBox: `0 0 ${SIDE} ${SIDE}`, 'aria-hidden': 'true' });
      const classes = labels ? [...new Set(labels)].sort((a, b) => a - b) : [0];
      for (const of of classes) {
        const group = shape('g', { class: `class-${of % COLOURS}`, 'data-of': of });
        points.forEach(([cx, cy], n) => {
          if (!labels || labels[n] === of) group.append(shape('circle', { cx, cy, r: DOT }));
        });
        svg.append(group);
      }
      svg.append(shape('circle', { class: 'ring', r: RING }));
      map.replaceChildren(svg);
      const buttons = classes.map((of) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = `class-${of % COLOURS}`;
        button.dataset.of = String(of);
        button.textContent = card.labels?.[of] ?? String(of);
        button.addEventListener('click', () => {
          chosen = chosen === of ? undefined : of;
          fade();
        });
        return button;
      });
      legend.replaceChildren(...(labels ? buttons : []));
      chosen = undefined;
      fade();
    },
    /** Puts the ring around a place. */
    mark([x, y]: readonly [number, number]) {
      const ring = map.querySelector('.ring')!;
      ring.setAttribute('cx', String(x));
      ring.setAttribute('cy', String(y));
    },
  };
}
