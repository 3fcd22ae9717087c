// Convolutions over images whose channels lie together (height, width, channels): a pixel's window is a row of a few
// contiguous runs, and the output channels are the columns. Nothing is gathered. For eight output channels and more.
import { advance, rewind } from './pixels';
import { BLOCK, multiply } from './rows';

/**
 * out[channel] of every pixel = activation(Σₖ window[k] · weights[k][channel] + bias[channel]).
 * `weights`: packed, see pack.ts; `room`: see rows.ts; `runs`: those of a window that see the image, `count`, then
 * `all` of them;
 * `channel`: bytes from channel to channel of the output; `bias` may be 0. For the tables see pixels.ts.
 */
export function convolveLast(
  input: usize,
  imageIn: usize,
  weights: usize,
  bias: usize,
  out: usize,
  imageOut: usize,
  channel: usize,
  inputs: usize,
  outputs: usize,
  runs: usize,
  count: i32,
  all: i32,
  images: i32,
  pixels: i32,
  channels: i32,
  k: i32,
  room: usize,
  code: i32,
  alpha: f32,
  beta: f32,
): void {
  const total = images * pixels;
  rewind();
  for (let pixel = 0; pixel < total; pixel += BLOCK) {
    advance(BLOCK, total - pixel, pixels, input, imageIn, inputs, out, imageOut, outputs);
    const some = min(BLOCK, total - pixel);
    multiply(some, runs, count, all, k, weights, bias, channel, channels, room, code, alpha, beta);
  }
}
