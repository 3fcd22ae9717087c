// From wide hidden layers to narrower ones: the units with the least weights are left out (Han et al. 2015 leave out single
// weights, Li et al. 2017 filters, by the same measure).
import type { HostTensors } from '../model.ts';

/** Columns `kept` of a matrix [rows, columns]. */
const columnsOf = (data: Float32Array, columns: number, kept: readonly number[]): Float32Array =>
  Float32Array.from(
    { length: (data.length / columns) * kept.length },
    (_, i) => data[Math.floor(i / kept.length) * columns + kept[i % kept.length]!]!,
  );

const length = (values: Iterable<number>): number => Math.hypot(...values);

/**
 * `found` with the hidden layers under `prefix` (`layer-0/kernel` [in, units], `layer-0/bias`, …) as narrow as in `wanted`. Of
 * each layer those units stay whose weights in and out have the largest product of Euclidean lengths, in their old order.
 */
export function narrowed(prefix: string, wanted: HostTensors, found: HostTensors): HostTensors {
  const next = { ...found };
  const names = (layer: number) =>
    ['kernel', 'bias'].map((part) => `${prefix}layer-${layer}/${part}`) as [string, string];
  for (let layer = 0; ; layer++) {
    const [kernelName, biasName] = names(layer);
    const [outName] = names(layer + 1);
    const [kernel, bias, out] = [next[kernelName], next[biasName], next[outName]];
    if (!kernel || !bias || !out) return next;
    const units = bias.data.length;
    const [inputs, outputs] = [kernel.data.length / units, out.data.length / units];
    const row = (j: number) => out.data.subarray(j * outputs, (j + 1) * outputs);
    const worth = Array.from(
      { length: units },
      (_, j) => length(columnsOf(kernel.data, units, [j])) * length(row(j)),
    );
    const kept = [...worth.keys()]
      .sort((a, b) => worth[b]! - worth[a]!)
      .slice(0, wanted[biasName]?.data.length)
      .sort((a, b) => a - b);
    if (kept.length === units) continue;
    next[kernelName] = { shape: [inputs, kept.length], data: columnsOf(kernel.data, units, kept) };
    next[biasName] = { shape: [kept.length], data: columnsOf(bias.data, units, kept) };
    next[outName] = {
      shape: [kept.length, outputs],
      data: Float32Array.from(kept.flatMap((j) => [...row(j)])),
    };
  }
}
