// Convolutions over images whose channels are planes, one behind the other: weights [channels][k] times columns of
// gathered pixels. For few output channels, where the pixels must fill the lanes.

import { list } from './list';
import { advance, from, rewind, to } from './pixels';
import { finish, listed1x32, put, tile4x8, wholeRun } from './tile';

/** Four columns, from pixel `first` on: out[i] = the inputs at `taps[i]` from each pixel's own beginning. */
function gather(out: usize, first: i32, taps: usize, k: i32): void {
  const c0 = from(first);
  const c1 = from(first + 1);
  const c2 = from(first + 2);
  const c3 = from(first + 3);
  const end = taps + ((<usize>k) << 2);
  if (c1 - c0 === 4 && c2 - c1 === 4 && c3 - c2 === 4) {
    for (; taps < end; taps += 4) {
      v128.store(out, v128.load(c0 + i32.load(taps)));
      out += 32;
    }
    return;
  }
  if (c1 - c0 === 4 && c3 - c2 === 4) {
    // Where a row ends after an even number of pixels.
    for (; taps < end; taps += 4) {
      const tap = <usize>i32.load(taps);
      v128.store(out, v128.load_lane<i64>(c2 + tap, v128.load_zero<i64>(c0 + tap), 1));
      out += 32;
    }
    return;
  }
  for (; taps < end; taps += 4) {
    const tap = <usize>i32.load(taps);
    f32.store(out, f32.load(c0 + tap));
    f32.store(out, f32.load(c1 + tap), 4);
    f32.store(out, f32.load(c2 + tap), 8);
    f32.store(out, f32.load(c3 + tap), 12);
    out += 32;
  }
}

/** Eight finished pixels, `count` of them real, from pixel `first` on. */
function scatter(done: usize, first: i32, count: i32, offset: usize): void {
  const start = to(first);
  if (count >= 8 && to(first + 7) - start === 28) {
    put(start + offset, done, 8, 4);
    return;
  }
  for (let i = 0; i < min(count, 8); i++) {
    f32.store(to(first + i) + offset, f32.load(done));
    done += 4;
  }
}

/**
 * out[channel] of every pixel = activation(Σₖ weights[channel][k] · input[pixel + taps[k]] + bias[channel]).
 * `taps`: k byte offsets; `channel`: bytes from channel to channel of the output; `panels`: room for (32 + 2 · 3) k + 24 floats;
 * `bias` may be 0. For the tables see pixels.ts; `outputs` must ascend.
 */
export function convolvePlanes(
  input: usize,
  imageIn: usize,
  weights: usize,
  bias: usize,
  out: usize,
  imageOut: usize,
  channel: usize,
  inputs: usize,
  outputs: usize,
  taps: usize,
  panels: usize,
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
  const lda = (<usize>k) << 2;
  const tiled = channels & ~3;
  const runs = wholeRun(k);
  // Rows that fill no tile, as lists; with their zeros, since nobody knows whether the pixels are finite.
  const lists = panels + 4 * panel;
  const size = ((<usize>k) << 3) + 32;
  for (let row = tiled; row < channels; row++)
    list(lists + <usize>(row - tiled) * size, weights + <usize>row * lda, runs, 1, 15);
  rewind();
  for (let column = 0; column < total; column += 32) {
    const left = total - column;
    advance(32, left, pixels, input, imageIn, inputs, out, imageOut, outputs);
    const eights = min(4, (left + 7) >> 3);
    for (let i = 0; i < eights; i++) {
      gather(panels + <usize>i * panel, 8 * i, taps, k);
      gather(panels + <usize>i * panel + 16, 8 * i + 4, taps, k);
    }
    for (let row = 0; row < tiled; row += 4) {
      const a = weights + <usize>row * lda;
      for (let i = 0; i < eights; i++) {
        tile4x8(a, a + lda, a + 2 * lda, a + 3 * lda, panels + <usize>i * panel, runs, 1);
        for (let r = 0; r < 4; r++) {
          const b = bias ? v128.load32_splat(bias + ((<usize>(row + r)) << 2)) : f32x4.splat(0);
          const done = finish(r, b, b, code, alpha, beta);
          scatter(done, 8 * i, left - 8 * i, <usize>(row + r) * channel);
        }
      }
    }
    for (let row = tiled; row < channels; row++) {
      const pairs = lists + <usize>(row - tiled) * size;
      listed1x32(pairs, pairs + ((<usize>k) << 3), panels, panel);
      const b = bias ? v128.load32_splat(bias + ((<usize>row) << 2)) : f32x4.splat(0);
      for (let i = 0; i < eights; i++) {
        const done = finish(i, b, b, code, alpha, beta);
        scatter(done, 8 * i, left - 8 * i, <usize>row * channel);
      }
    }
  }
}
