// A panel on the page: an SVG that points are read from, by pointer, by touch or by keyboard.
import { nearestIndex, type Panel, pointAt, samplesOf } from '../../figures/chart.ts';
import type { Placed } from '../../figures/layout.ts';
import { drawPanel } from '../../figures/panel.ts';
import { PAGE_THEME } from './colours.ts';
import { sentence } from './readout.ts';

const SVG = 'http://www.w3.org/2000/svg';

export type Reading = { panel: Panel; samples: number; x: number };
export type PanelView = {
  element: SVGSVGElement;
  /** Moves to the sample nearest to `samples`. */
  goTo(samples: number): void;
};

/**
 * `shown` is the panel with the curves that are not switched off. `onRead` is told what is being read, and `undefined`
 * when it is no longer; `onLeave` is asked for the panel before (−1) or after (1) this one.
 */
export function createPanelView(
  { panel: { title }, frame, labelled }: Placed,
  shown: Panel,
  unit: string,
  onRead: (reading: Reading | undefined) => void,
  onLeave: (step: -1 | 1, samples: number) => void,
): PanelView {
  const all = samplesOf(shown.series);
  let index = all.length - 1;

  const element = document.createElementNS(SVG, 'svg');
  const size = { width: String(frame.width), height: String(frame.height) };
  // A slider along the samples: that is what its keys and its value are.
  const role = { role: 'slider', 'aria-label': title, 'aria-valuemin': '0', tabindex: '-1' };
  const most = { 'aria-valuemax': String(Math.max(0, all.length - 1)) };
  for (const [name, value] of Object.entries({ ...size, ...role, ...most }))
    element.setAttribute(name, value);
  element.innerHTML = drawPanel(shown, frame, PAGE_THEME, labelled);
  const cross = document.createElementNS(SVG, 'g');
  element.append(cross);

  const tell = () => {
    element.setAttribute('aria-valuenow', String(Math.max(0, index)));
    element.setAttribute('aria-valuetext', index < 0 ? 'no curve' : sentence(shown, all[index]!, unit));
  };
  const read = (at: number) => {
    const samples = all[at];
    if (samples === undefined) return;
    const x = frame.toX(samples);
    const dots = shown.series.flatMap((series) => {
      const point = pointAt(series, samples);
      return point
        ? `<circle cx="${x}" cy="${frame.toY(point[1])}" r="3.5" fill="${PAGE_THEME.colours[series.colour]}" stroke="${PAGE_THEME.background}"/>`
        : [];
    });
    cross.innerHTML = `<path d="M${x} ${frame.top}V${frame.height - frame.bottom}" stroke="${PAGE_THEME.soft}"/>${dots.join('')}`;
    onRead({ panel: shown, samples, x });
  };
  const stop = () => {
    cross.replaceChildren();
    onRead(undefined);
  };
  const moveTo = (at: number) => {
    index = Math.max(0, Math.min(at, all.length - 1));
    tell();
    read(index);
  };

  const underPointer = ({ clientX }: PointerEvent) =>
    nearestIndex(all, frame.toSamples(clientX - element.getBoundingClientRect().left));
  const isFocused = () => document.activeElement === element;
  element.addEventListener('pointermove', (event) => read(underPointer(event)));
  // A press also gives the focus, so that what was pressed stays when the pointer leaves.
  element.addEventListener('pointerdown', (event) => moveTo(underPointer(event)));
  element.addEventListener('pointerleave', () => (isFocused() ? read(index) : stop()));
  element.addEventListener('focus', () => read(index));
  element.addEventListener('blur', stop);
  element.addEventListener('keydown', (event) => {
    const moves: Record<string, () => void> = {
      ArrowLeft: () => moveTo(index - 1),
      ArrowRight: () => moveTo(index + 1),
      Home: () => moveTo(0),
      End: () => moveTo(all.length - 1),
      ArrowUp: () => onLeave(-1, all[index]!),
      ArrowDown: () => onLeave(1, all[index]!),
      Escape: stop,
    };
    const move = moves[event.key];
    if (!move || all.length === 0) return;
    event.preventDefault();
    move();
  });
  tell();
  return { element, goTo: (samples) => moveTo(nearestIndex(all, samples)) };
}
