// Walks over the output pixels of all images, a group at a time: where each pixel's input begins, and where it goes.

const FROM = memory.data(4 * 32, 16);
const TO = memory.data(4 * 32, 16);

let image: i32 = 0;
let pixel: i32 = 0;

export function rewind(): void {
  image = 0;
  pixel = 0;
}

/**
 * Addresses of the next `width` (≤ 32) pixels, of which `left` are left; behind the last it is repeated.
 * `inputs`, `outputs`: per pixel of one image, byte offsets; `imageIn`, `imageOut`: bytes from image to image.
 */
export function advance(
  width: i32,
  left: i32,
  pixels: i32,
  input: usize,
  imageIn: usize,
  inputs: usize,
  out: usize,
  imageOut: usize,
  outputs: usize,
): void {
  for (let i = 0; i < width; i++) {
    const at = (<usize>i) << 2;
    const entry = (<usize>pixel) << 2;
    i32.store(FROM + at, <i32>(input + <usize>image * imageIn + <usize>i32.load(inputs + entry)));
    i32.store(TO + at, <i32>(out + <usize>image * imageOut + <usize>i32.load(outputs + entry)));
    if (i + 1 < left && ++pixel === pixels) {
      pixel = 0;
      image++;
    }
  }
}

/** The same for up to 32 rows of two matrices, `lda` and `ldc` bytes apart. */
export function line(rows: i32, a: usize, lda: usize, out: usize, ldc: usize): void {
  for (let i = 0; i < rows; i++) {
    const at = (<usize>i) << 2;
    i32.store(FROM + at, <i32>(a + <usize>i * lda));
    i32.store(TO + at, <i32>(out + <usize>i * ldc));
  }
}

/** Where the input of pixel `i` of the group begins. */
export function from(i: i32): usize {
  return <usize>i32.load(FROM + ((<usize>i) << 2));
}

/** Where pixel `i` of the group goes. */
export function to(i: i32): usize {
  return <usize>i32.load(TO + ((<usize>i) << 2));
}
