// The noise of one step, drawn from a stream as its specification says.
import type { Stream } from '../../core/sampling/stream.ts';
import type { NoiseSpec } from '../model.ts';

export function drawNoise(specs: Record<string, NoiseSpec>, stream: Stream): Record<string, Float32Array> {
  const drawn = Object.entries(specs).map(([name, { shape, distribution }]) => {
    const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
    if (distribution === 'normal') stream.fillNormal(data);
    else stream.fillUniform(data);
    return [name, data] as const;
  });
  return Object.fromEntries(drawn);
}
