// A chart as numbers: small multiples over a logarithmic axis of samples. The report and the page draw the same ones.

/** A measurement: samples, value and, where it is known, the standard error of the value. */
export type Point = readonly [samples: number, value: number, error?: number];

export type Series = {
  /** What is compared; the series of a subject share its colour. */
  subject: string;
  /** What is measured of it: train or test. */
  split: string;
  /** Which colour of the theme. */
  colour: number;
  dashed?: boolean;
  /** Ascending in samples. */
  points: readonly Point[];
};
export type Panel = {
  title: string;
  series: Series[];
  /** What its samples are where they are not those of the chart; the panels of a row have the same. */
  xUnit?: string;
};
export type Chart = {
  title: string;
  xLabel: string;
  /** What `samples` are where they are not training samples: `bytes`. */
  xUnit?: string;
  yLabel: string;
  /** The panels of a row share both axes. */
  rows: Panel[][];
};

/** A row for each sample that any series of a panel has, a column for each series of the chart. */
export type ChartTable = {
  columns: string[];
  groups: { title: string; rows: { samples: number; points: (Point | undefined)[] }[] }[];
};

export const unitOf = ({ xUnit = 'samples' }: Chart, panel: Panel): string => panel.xUnit ?? xUnit;

export const nameOf = ({ subject, split }: Series): string => `${subject}, ${split}`;

/** The first series of each name, in order of first use. */
export function legendOf({ rows }: Chart): Series[] {
  const named = new Map<string, Series>();
  for (const one of rows.flat().flatMap(({ series }) => series))
    if (!named.has(nameOf(one))) named.set(nameOf(one), one);
  return [...named.values()].sort((a, b) => a.colour - b.colour);
}

/** Samples at which any of the series has a value, ascending. */
export const samplesOf = (series: readonly Series[]): number[] =>
  [...new Set(series.flatMap(({ points }) => points.map(([samples]) => samples)))].sort((a, b) => a - b);

export const pointAt = ({ points }: Series, samples: number): Point | undefined =>
  points.find(([x]) => x === samples);

/** Index of the sample whose logarithm is nearest; −1 where there is none. `samples` > 0. */
export function nearestIndex(all: readonly number[], samples: number): number {
  const distance = (x: number) => Math.abs(Math.log(x / samples));
  return all.reduce((best, x, i) => (best < 0 || distance(x) < distance(all[best]!) ? i : best), -1);
}

export function chartTable(chart: Chart): ChartTable {
  const columns = legendOf(chart).map(nameOf);
  const groups = chart.rows.flat().map(({ title, series }) => ({
    title,
    rows: samplesOf(series).map((samples) => ({
      samples,
      points: columns.map((name) => {
        const one = series.find((candidate) => nameOf(candidate) === name);
        return one && pointAt(one, samples);
      }),
    })),
  }));
  return { columns, groups };
}
