// MurmurHash3_x86_128 (Austin Appleby, public domain): 128 bits from any bytes, by integer arithmetic alone.

const rotl = (x: number, r: number): number => (x << r) | (x >>> (32 - r));

function finalMix(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/** The last bytes of a key; kept, since every image hashes two short keys. */
const tail = new Uint8Array(16);
const rest = new DataView(tail.buffer);

/** The hash of `key` as four unsigned 32-bit words. */
export function murmur3(key: Uint8Array, seed = 0): Uint32Array<ArrayBuffer> {
  let [h1, h2, h3, h4] = [seed, seed, seed, seed];
  const blocks = key.length >>> 4;
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  for (let i = 0; i < blocks; i++) {
    h1 ^= Math.imul(rotl(Math.imul(view.getUint32(16 * i, true), C1), 15), C2);
    h1 = (Math.imul((rotl(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotl(Math.imul(view.getUint32(16 * i + 4, true), C2), 16), C3);
    h2 = (Math.imul((rotl(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotl(Math.imul(view.getUint32(16 * i + 8, true), C3), 17), C4);
    h3 = (Math.imul((rotl(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotl(Math.imul(view.getUint32(16 * i + 12, true), C4), 18), C1);
    h4 = (Math.imul((rotl(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  // The last 0 to 15 bytes, as four zero-padded little-endian words.
  tail.fill(0);
  for (let i = 16 * blocks; i < key.length; i++) tail[i & 15] = key[i]!;
  h4 ^= Math.imul(rotl(Math.imul(rest.getUint32(12, true), C4), 18), C1);
  h3 ^= Math.imul(rotl(Math.imul(rest.getUint32(8, true), C3), 17), C4);
  h2 ^= Math.imul(rotl(Math.imul(rest.getUint32(4, true), C2), 16), C3);
  h1 ^= Math.imul(rotl(Math.imul(rest.getUint32(0, true), C1), 15), C2);

  h1 ^= key.length;
  h2 ^= key.length;
  h3 ^= key.length;
  h4 ^= key.length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h3 = finalMix(h3);
  h4 = finalMix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  return Uint32Array.of(h1, h2 + h1, h3 + h1, h4 + h1);
}
