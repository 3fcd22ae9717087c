// Figure 1 of Goodfellow et al. 2014, moving: the data's density, the generated one, the critic, and the map from z to x.
import { escapeMarkup, TEXT_SIZE } from './panel.ts';
import type { Theme } from './theme.ts';

export type Game = {
  title: string;
  /** Places on the line, ascending and evenly spaced; what follows is of them, in order. */
  places: number[];
  /** Density of the data. */
  data: number[];
  frames: {
    /** Steps of the generator so far. */
    step: number;
    /** Density of what is generated. */
    generated: number[];
    /** D, 0…1. */
    critic: number[];
    /** Where equal shares of the latents go, from the lowest to the highest. */
    map: number[];
  }[];
};

const WIDTH = 860;
const EDGE = 12;
const PLOT = { top: 56, height: 220 };
/** The lines of x and of z, from the top. */
const LINES = { x: 306, z: 366 };
const HEIGHT = 392;
/** A share of the latents for each so many places has its line. */
const EVERY = 3;
/** Seconds of a round, and the part of it in which the last frame stands still. */
const SECONDS = 16;
const STILL = 0.25;

const round = (value: number): number => Math.round(value * 10) / 10;

/** One round of an attribute through a value for each frame. */
function animate(name: string, values: readonly string[], mode: 'linear' | 'discrete'): string {
  const last = values.length - 1;
  const times = [...values.map((_, i) => ((1 - STILL) * i) / last), 1].map((time) => time.toFixed(3));
  return (
    `<animate attributeName="${name}" dur="${SECONDS}s" repeatCount="indefinite" calcMode="${mode}" ` +
    `keyTimes="${times.join(';')}" values="${[...values, values[last]].join(';')}"/>`
  );
}

/** The whole as SVG markup. Where `moving` is false it shows the last frame. */
export function drawGame({ title, places, data, frames }: Game, theme: Theme, moving: boolean): string {
  const [low, high] = [places[0]!, places.at(-1)!];
  const tallest = 1.6 * Math.max(...data);
  const toX = (x: number) =>
    round(EDGE + ((Math.max(low, Math.min(high, x)) - low) / (high - low)) * (WIDTH - 2 * EDGE));
  const toY = (share: number) => round(PLOT.top + (1 - Math.min(1, share)) * PLOT.height);
  const curve = (values: readonly number[], full: number) =>
    values.map((value, i) => `${i === 0 ? 'M' : 'L'}${toX(places[i]!)} ${toY(value / full)}`).join('');
  const lines = (map: readonly number[]) =>
    map
      .flatMap((x, i) =>
        i % EVERY === 1
          ? `M${round(EDGE + ((i + 0.5) / map.length) * (WIDTH - 2 * EDGE))} ${LINES.z}L${toX(x)} ${LINES.x}`
          : [],
      )
      .join('');
  const path = (values: readonly string[], style: string) =>
    `<path d="${values.at(-1)}" fill="none" ${style}>${moving ? animate('d', values, 'linear') : ''}</path>`;
  const [blue, orange, green] = theme.colours as [string, string, string];
  const steps = frames.map(({ step }, i) => {
    const shown = frames.map((_, j) => (i === j ? 'visible' : 'hidden'));
    const visible = i === frames.length - 1;
    if (!moving && !visible) return '';
    return `<text x="${WIDTH - EDGE}" y="22" text-anchor="end" fill="${theme.soft}" visibility="${visible ? 'visible' : 'hidden'}">after ${step} steps${moving ? animate('visibility', shown, 'discrete') : ''}</text>`;
  });
  const legend = [
    ['data', theme.text, '1 4'],
    ['generated', green, ''],
    ['critic', blue, '6 4'],
  ].map(
    ([name, colour, dash], i) =>
      `<path d="M${EDGE + 110 * i} 42h22" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>` +
      `<text x="${EDGE + 110 * i + 28}" y="46" fill="${theme.soft}">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="${TEXT_SIZE}" fill="${theme.text}">
<title>${escapeMarkup(title)}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="${theme.background}"/>
<text x="${EDGE}" y="22" font-size="14" font-weight="600">${escapeMarkup(title)}</text>
${legend.join('\n')}
${steps.filter((text) => text !== '').join('\n')}
<path d="M${EDGE} ${toY(0)}H${WIDTH - EDGE}M${EDGE} ${LINES.x}H${WIDTH - EDGE}M${EDGE} ${LINES.z}H${WIDTH - EDGE}" stroke="${theme.soft}"/>
<path d="M${EDGE} ${toY(0.5)}H${WIDTH - EDGE}" stroke="${theme.faint}"/>
<text x="${WIDTH - EDGE}" y="${toY(0.5) - 4}" text-anchor="end" fill="${theme.soft}">D = ½</text>
<text x="${EDGE}" y="${LINES.x - 5}" fill="${theme.soft}">x</text>
<text x="${EDGE}" y="${LINES.z + 15}" fill="${theme.soft}">z</text>
<path d="${curve(data, tallest)}" fill="none" stroke="${theme.text}" stroke-width="2" stroke-dasharray="1 4" stroke-linecap="round"/>
${path(
  frames.map(({ critic }) => curve(critic, 1)),
  `stroke="${blue}" stroke-width="2" stroke-dasharray="6 4"`,
)}
${path(
  frames.map(({ generated }) => curve(generated, tallest)),
  `stroke="${green}" stroke-width="2" stroke-linejoin="round"`,
)}
${path(
  frames.map(({ map }) => lines(map)),
  `stroke="${orange}" stroke-width="1" opacity="0.7"`,
)}
</svg>
`;
}
