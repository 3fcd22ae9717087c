// How the panels of a chart share a width: equal plots, the labels of the vertical axis only before the first of a line.
import type { Chart, Panel } from './chart.ts';
import { type Frame, frameOf, rangesOf } from './frame.ts';

const LABELS = 42;
const RIGHT = 8;
const GAP = 18;
const HEIGHT = 196;
/** Width of a plot: narrower ones go to the next line. */
const PLOT = { least: 130, most: 300 };

export type Placed = { panel: Panel; frame: Frame; labelled: boolean };

/** The lines of a chart that is `width` pixels wide; a row may take several. Panels stand side by side, `GAP` apart. */
export function layOut({ rows }: Chart, width: number): { gap: number; lines: Placed[][] } {
  const longest = Math.max(...rows.map((row) => row.length));
  const room = width - LABELS + GAP;
  const columns = Math.max(1, Math.min(longest, Math.floor(room / (PLOT.least + RIGHT + GAP))));
  const plot = Math.min(PLOT.most, Math.floor(room / columns) - GAP - RIGHT);
  const lines = rows.flatMap((row) => {
    const ranges = rangesOf(row);
    const placed = row.map((panel, i) => {
      const labelled = i % columns === 0;
      const left = labelled ? LABELS : 0;
      const box = { width: left + plot + RIGHT, height: HEIGHT, left, right: RIGHT, top: 26, bottom: 28 };
      return { panel, frame: frameOf(ranges, box), labelled };
    });
    return Array.from({ length: Math.ceil(row.length / columns) }, (_, i) =>
      placed.slice(i * columns, (i + 1) * columns),
    );
  });
  return { gap: GAP, lines };
}
