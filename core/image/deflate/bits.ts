// Bits into bytes, lowest bit first (RFC 1951, 3.1.1).

/** Where bits go: bytes with room for all of them and two more, and fewer than 8 bits that wait. */
export type Sink = { bytes: Uint8Array; at: number; buffer: number; filled: number };

/** Appends the lowest `bits` ≤ 16 of `value`, and writes every whole byte. */
export function put(sink: Sink, value: number, bits: number): void {
  const buffer = sink.buffer | (value << sink.filled);
  const filled = sink.filled + bits;
  const { bytes, at } = sink;
  bytes[at] = buffer;
  bytes[at + 1] = buffer >>> 8;
  sink.at = at + (filled >>> 3);
  sink.buffer = buffer >>> (filled & ~7);
  sink.filled = filled & 7;
}

/** Fills the last byte with zeros. */
export function align(sink: Sink): void {
  if (sink.filled > 0) put(sink, 0, 8 - sink.filled);
}
