// IDX, the format of the MNIST files: bytes 00 00 08 rank, then `rank` big-endian 32-bit dimensions, then
// unsigned bytes, last dimension fastest.

export type Idx = { shape: number[]; data: Uint8Array };

/** @throws Error naming `file`, the rule and the value, unless the bytes are exactly one IDX array of bytes. */
export function parseIdx(bytes: Uint8Array, file: string): Idx {
  const fail = (rule: string): never => {
    throw new Error(`${file}: ${rule}`);
  };
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0)
    fail('not an IDX file (must start with two zero bytes)');
  if (bytes[2] !== 8) fail(`IDX element type ${bytes[2]}, expected 8 (unsigned byte)`);
  const rank = bytes[3]!;
  const header = 4 + 4 * rank;
  if (bytes.length < header) fail(`truncated: the header needs ${header} bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = header + shape.reduce((n, d) => n * d, 1);
  if (bytes.length !== expected)
    fail(`shape [${shape}] needs ${expected} bytes, got ${bytes.length}: truncated or corrupt`);
  return { shape, data: bytes.subarray(header) };
}

/** The IDX bytes of an array. */
export function encodeIdx({ shape, data }: Idx): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set([0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [i, d] of shape.entries()) view.setUint32(4 + 4 * i, d);
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
