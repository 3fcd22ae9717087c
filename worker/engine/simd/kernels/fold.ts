// The last step of a transposed convolution with few output channels: every input pixel has been multiplied with the
// whole window, and what falls on the same output pixel is added up, tap by tap.

/** The first input position whose output, position · stride + shift, is not below 0. */
function first(shift: i32, stride: i32): i32 {
  return shift >= 0 ? 0 : (stride - 1 - shift) / stride;
}

/** One behind the last input position, of `size`, whose output is below `limit`. */
function behind(shift: i32, stride: i32, size: i32, limit: i32): i32 {
  return limit <= shift ? 0 : min(size, (limit - 1 - shift) / stride + 1);
}

/**
 * out[channel][y stride + ky dilation − pad][…] = bias[channel] + Σ products[channel][ky][kx][y][x], for one image.
 * `products`: planes of height × width; `bias` may be 0; `channel`: bytes from channel to channel of the output, whose
 * rows lie one behind the other. The `V` of each pair is along height, the `H` along width.
 */
export function fold(
  products: usize,
  bias: usize,
  out: usize,
  channel: usize,
  channels: i32,
  height: i32,
  width: i32,
  outHeight: i32,
  outWidth: i32,
  kernelV: i32,
  kernelH: i32,
  strideV: i32,
  strideH: i32,
  dilationV: i32,
  dilationH: i32,
  padV: i32,
  padH: i32,
): void {
  const plane = <usize>(4 * height * width);
  const step = (<usize>strideH) << 2;
  const row = (<usize>outWidth) << 2;
  for (let c = 0; c < channels; c++) {
    const start: f32 = bias ? f32.load(bias + ((<usize>c) << 2)) : 0;
    for (let i: usize = 0; i < <usize>outHeight * row; i += 4) f32.store(out + i, start);
    for (let ky = 0; ky < kernelV; ky++) {
      const shiftV = ky * dilationV - padV;
      const top = first(shiftV, strideV);
      const bottom = behind(shiftV, strideV, height, outHeight);
      for (let kx = 0; kx < kernelH; kx++) {
        const shiftH = kx * dilationH - padH;
        const left = first(shiftH, strideH);
        const right = behind(shiftH, strideH, width, outWidth);
        for (let y = top; y < bottom; y++) {
          let from = products + ((<usize>(y * width + left)) << 2);
          const end = products + ((<usize>(y * width + right)) << 2);
          let to = out + <usize>(y * strideV + shiftV) * row + ((<usize>(left * strideH + shiftH)) << 2);
          for (; from < end; from += 4) {
            f32.store(to, f32.load(to) + f32.load(from));
            to += step;
          }
        }
        products += plane;
      }
    }
    out += channel;
  }
}
