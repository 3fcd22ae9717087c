// The noise of one step, drawn from a stream as its specification says.
import type { Stream } from '../../core/sampling/stream.ts';
import type { FeedSpec, Feeds } from '../model.ts';

/** The feeds that are noise, in the order of `specs`; those that are data are left out. */
export function drawNoise(specs: Record<string, FeedSpec>, stream: Stream): Feeds {
  const drawn: Feeds = {};
  for (const [name, { shape, distribution }] of Object.entries(specs)) {
    if (distribution === 'data') continue;
    const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
    if (distribution === 'normal') stream.fillNormal(data);
    else stream.fillUniform(data);
    drawn[name] = data;
  }
  return drawn;
}
