// CRC-32 (ISO 3309, as PNG uses it) four bytes at a time, and Adler-32 (RFC 1950).

/** Table k is the CRC of a byte that k zero bytes follow. */
const [T0, T1, T2, T3] = [0, 1, 2, 3].map(() => new Int32Array(256)) as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  T0[n] = c;
}
for (let n = 0; n < 256; n++) {
  T1[n] = T0[T0[n]! & 0xff]! ^ (T0[n]! >>> 8);
  T2[n] = T0[T1[n]! & 0xff]! ^ (T1[n]! >>> 8);
  T3[n] = T0[T2[n]! & 0xff]! ^ (T2[n]! >>> 8);
}

/** CRC-32 of `bytes` from `start` to before `end`, as an integer of 32 bits (signed). */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let c = -1;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    c = T3[c & 0xff]! ^ T2[(c >>> 8) & 0xff]! ^ T1[(c >>> 16) & 0xff]! ^ T0[c >>> 24]!;
  }
  for (; i < end; i++) c = T0[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return ~c;
}

const ADLER_PRIME = 65521;
/** Sums of so many bytes, begun below the prime, stay below 2³¹. */
const ADLER_STEP = 2048;

/** Adler-32 of all `bytes`, as an integer of 32 bits (signed); `before` is that of what came before them. */
export function adler32(bytes: Uint8Array, before = 1): number {
  let a = before & 0xffff;
  let b = before >>> 16;
  for (let i = 0; i < bytes.length; ) {
    for (const stop = Math.min(i + ADLER_STEP, bytes.length); i < stop; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= ADLER_PRIME;
    b %= ADLER_PRIME;
  }
  return (b << 16) | a;
}
