// Convolutions over images whose channels lie together (height, width, channels): a pixel's window is a row of a few
// contiguous runs, and the output channels are the columns. Nothing is gathered. For eight output channels and more.
import { advance, from, rewind, to } from './pixels';
import { add1x32, clear, finish, put, tile4x8 } from './tile';

/** The tile of one pixel and four panels: its runs, one after the other. */
function row1x32(a: usize, b: usize, panel: usize, runs: usize, count: i32): void {
  clear();
  const last = runs + ((<usize>count) << 3);
  for (; runs < last; runs += 8) {
    const length = <usize>i32.load(runs, 4);
    add1x32(a + <usize>i32.load(runs), b, panel, length);
    b += length << 3;
  }
}

/**
 * out[channel] of every pixel = activation(Σₖ window[k] · weights[k][channel] + bias[channel]).
 * `weights`: packed panels of k rows; `runs`: `count` pairs of offset and length in bytes, from a window's beginning;
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
  images: i32,
  pixels: i32,
  channels: i32,
  k: i32,
  code: i32,
  alpha: f32,
  beta: f32,
): void {
  const total = images * pixels;
  const panel = (<usize>k) << 5;
  const zero = f32x4.splat(0);
  rewind();
  for (let column = 0; column < total; column += 4) {
    const left = total - column;
    advance(4, left, pixels, input, imageIn, inputs, out, imageOut, outputs);
    // One pixel alone takes four panels at a time; two or three are a tile of four in which the last is repeated.
    const step = left === 1 ? 32 : 8;
    for (let first = 0; first < channels; first += step) {
      const part = weights + <usize>(first >> 3) * panel;
      if (left === 1) row1x32(from(0), part, panel, runs, count);
      else tile4x8(from(0), from(1), from(2), from(3), part, runs, count);
      for (let r = 0; r < 4; r++) {
        const eight = left === 1 ? first + 8 * r : first;
        const pixel = left === 1 ? 0 : r;
        if (eight >= channels || pixel >= left) break;
        const offset = (<usize>eight) << 2;
        const low = bias ? v128.load(bias + offset) : zero;
        const high = bias ? v128.load(bias + offset, 16) : zero;
        const done = finish(r, low, high, code, alpha, beta);
        put(to(pixel) + <usize>eight * channel, done, channels - eight, channel);
      }
    }
  }
}
