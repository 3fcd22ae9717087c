// Where the values of a panel stand: a logarithmic axis of samples, a linear one of values, and their round numbers.
import { type Panel, samplesOf } from './chart.ts';

/** Lowest and highest. */
export type Range = readonly [low: number, high: number];
export type Ranges = { samples: Range; values: Range };
/** Size of a panel and the room around its plot, in pixels. */
export type Box = { width: number; height: number; left: number; right: number; top: number; bottom: number };
export type Frame = Box &
  Ranges & {
    toX(samples: number): number;
    toY(value: number): number;
    toSamples(x: number): number;
  };

/** Shares of the range of values that stay free for names, above and below the curves. */
const MARGIN = { above: 0.12, below: 0.16 };

/** Ranges that hold every point of some panels, and room for names. */
export function rangesOf(panels: readonly Panel[]): Ranges {
  const series = panels.flatMap((panel) => panel.series);
  const samples = samplesOf(series);
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const [first, low, high] = [samples[0]!, Math.min(...values), Math.max(...values)];
  const size = high - low || 1;
  return {
    samples: [first, Math.max(samples.at(-1)!, 1.3 * first)],
    values: [low - MARGIN.below * size, high + MARGIN.above * size],
  };
}

export function frameOf(ranges: Ranges, box: Box): Frame {
  const { samples, values } = ranges;
  const across = box.width - box.left - box.right;
  const down = box.height - box.top - box.bottom;
  const decades = Math.log(samples[1] / samples[0]);
  return {
    ...box,
    ...ranges,
    toX: (x) => box.left + (Math.log(x / samples[0]) / decades) * across,
    toY: (value) => box.top + ((values[1] - value) / (values[1] - values[0])) * down,
    toSamples: (x) => samples[0] * Math.exp(((x - box.left) / across) * decades),
  };
}

/** Round numbers that divide `low`…`high` into a few parts. */
export function ticks([low, high]: Range, about = 5): number[] {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((m) => m * power >= raw) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** 1, 2, … 9 times every power of ten within `low`…`high`; `power` where it is one itself. */
export function logTicks([low, high]: Range): { at: number; power: number | undefined }[] {
  const [first, last] = [Math.floor(Math.log10(low) + 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i).flatMap((power) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((m) => ({ at: m * 10 ** power, power: m === 1 ? power : undefined })),
  );
  return all.filter(({ at }) => at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9));
}
