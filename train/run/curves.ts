// The learning curves of runs as a chart: what was trained, and what was measured on validation images, by epoch.
import type { Panel, Series } from '../../figures/chart.ts';
import { type Frame, frameOf, rangesOf } from '../../figures/frame.ts';
import { drawPanel, escapeMarkup, TEXT_SIZE } from '../../figures/panel.ts';
import { THEMES } from '../../figures/theme.ts';
import type { EpochMetrics } from './run-folder.ts';

export type Curves = {
  /** Of the run, where several are compared. */
  name: string;
  metrics: readonly Pick<EpochMetrics, 'epoch' | 'train' | 'validation'>[];
};

/** Panels beside each other, and the size of one, in pixels. */
const COLUMNS = 3;
const BOX = { width: 280, height: 196, left: 52, right: 12, top: 26, bottom: 28 };
const EDGE = 12;
const HEAD = 40;
const AXES = ', by epoch; dashed: validation';

/** A panel for each figure that any run has; training drawn through, validation dashed. */
export function curvePanels(runs: readonly Curves[]): Panel[] {
  const panels = new Map<string, Series[]>();
  runs.forEach(({ name, metrics }, colour) => {
    for (const split of ['train', 'validation'] as const) {
      const measures = new Set(metrics.flatMap((one) => Object.keys(one[split])));
      for (const measure of measures) {
        const points = metrics.flatMap((one) => {
          const value = one[split][measure];
          return value === undefined ? [] : [[one.epoch, value] as const];
        });
        const own: Series = {
          subject: runs.length > 1 ? name : split,
          split,
          // A run alone has a colour for each split.
          colour: runs.length > 1 ? colour : Number(split === 'validation'),
          dashed: split === 'validation',
          points,
        };
        panels.set(measure, [...(panels.get(measure) ?? []), own]);
      }
    }
  });
  return [...panels].map(([title, series]) => ({ title, series }));
}

export type PlacedPanel = { panel: Panel; frame: Frame; x: number; y: number };

/** Where panels stand: each has axes of its own, for each is of another measure. */
export function placePanels(panels: readonly Panel[]): {
  width: number;
  height: number;
  placed: PlacedPanel[];
} {
  const rows = Math.ceil(panels.length / COLUMNS);
  return {
    width: COLUMNS * BOX.width + 2 * EDGE,
    height: rows * BOX.height + HEAD + EDGE,
    placed: panels.map((panel, i) => ({
      panel,
      frame: frameOf(rangesOf([panel]), BOX),
      x: EDGE + (i % COLUMNS) * BOX.width,
      y: HEAD + Math.floor(i / COLUMNS) * BOX.height,
    })),
  };
}

/** The heading of a picture of curves. */
export const headingOf = (runs: readonly Curves[]): string =>
  `${runs.map(({ name }) => name).join(' and ')}${AXES}`;

/** One SVG document. */
export function curvesSvg(runs: readonly Curves[], theme: keyof typeof THEMES = 'light'): string {
  const colours = THEMES[theme];
  const { width, height, placed } = placePanels(curvePanels(runs));
  // The heading names the runs: beside curves that have just begun there is no room for it.
  const unnamed = ({ title, series }: Panel): Panel => ({
    title,
    series: series.map((one) => ({ ...one, subject: '' })),
  });
  const panels = placed.map(
    ({ panel, frame, x, y }) =>
      `<g transform="translate(${x} ${y})">\n${drawPanel(unnamed(panel), frame, colours, true)}\n</g>`,
  );
  const names = runs.map(
    ({ name }, i) =>
      `<tspan${runs.length > 1 ? ` fill="${colours.colours[i]}"` : ''}>${escapeMarkup(name)}</tspan>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="${TEXT_SIZE}" fill="${colours.text}">
<title>${escapeMarkup(headingOf(runs))}</title>
<rect width="${width}" height="${height}" fill="${colours.background}"/>
<text x="${EDGE}" y="24" font-size="14" font-weight="600">${names.join(' and ')}${AXES}</text>
${panels.join('\n')}
</svg>
`;
}
