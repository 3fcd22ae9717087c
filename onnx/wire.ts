// Protocol Buffers wire format: varint (wire type 0), 64-bit (1), length-delimited (2) and 32-bit (5) fields.

const TEXT_ENCODER = new TextEncoder();
const TEXT_DECODER = new TextDecoder('utf-8', { fatal: true });

export type Writer = {
  /** Any safe integer; a negative one becomes a ten-byte int64. */
  varint(field: number, value: number): void;
  float(field: number, value: number): void;
  bytes(field: number, value: Uint8Array): void;
  string(field: number, value: string): void;
  message(field: number, write: (writer: Writer) => void): void;
  finish(): Uint8Array<ArrayBuffer>;
};

/** A growing list of protobuf fields, in the order they are written. */
export function createWriter(): Writer {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const push = (chunk: Uint8Array) => {
    chunks.push(chunk);
    length += chunk.length;
  };
  const raw = (value: number) => {
    let rest = BigInt.asUintN(64, BigInt(value));
    const out: number[] = [];
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      out.push(rest > 0n ? low | 0x80 : low);
    } while (rest > 0n);
    push(Uint8Array.from(out));
  };
  const writer: Writer = {
    varint(field, value) {
      raw(field * 8);
      raw(value);
    },
    float(field, value) {
      raw(field * 8 + 5);
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setFloat32(0, value, true);
      push(bytes);
    },
    bytes(field, value) {
      raw(field * 8 + 2);
      raw(value.length);
      push(value);
    },
    string(field, value) {
      writer.bytes(field, TEXT_ENCODER.encode(value));
    },
    message(field, write) {
      const inner = createWriter();
      write(inner);
      writer.bytes(field, inner.finish());
    },
    finish() {
      const out = new Uint8Array(length);
      let at = 0;
      for (const chunk of chunks) {
        out.set(chunk, at);
        at += chunk.length;
      }
      return out;
    },
  };
  return writer;
}

/** One field as it stands in the file. `number` holds varints, `bytes` everything else. */
export type Field = { field: number; number?: number; bytes?: Uint8Array };

/**
 * Splits one message into its fields. Nothing is copied: `bytes` are views.
 * @throws Error naming `what`, the rule and the offset, when the bytes are not a well-formed message.
 */
export function readFields(bytes: Uint8Array, what: string): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const fail = (rule: string): never => {
    throw new Error(`ONNX ${what}: ${rule} at byte ${at} of ${bytes.length}`);
  };
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) fail('truncated varint');
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    return fail('varint longer than ten bytes');
  };
  const take = (count: number): Uint8Array => {
    if (count < 0 || at + count > bytes.length) fail(`field of ${count} bytes runs past the end`);
    at += count;
    return bytes.subarray(at - count, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    if (key < 8 || field > 0x1fffffff) fail(`field number ${field} out of range`);
    switch (key % 8) {
      case 0:
        fields.push({ field, number: varint() });
        break;
      case 1:
        fields.push({ field, bytes: take(8) });
        break;
      case 2:
        fields.push({ field, bytes: take(varint()) });
        break;
      case 5:
        fields.push({ field, bytes: take(4) });
        break;
      default:
        fail(`wire type ${key % 8} unknown`);
    }
  }
  return fields;
}

/** The integers of a repeated field, whether packed into one run of varints or written one by one. */
export function integers(fields: readonly Field[], field: number, what: string): number[] {
  return fields
    .filter((f) => f.field === field)
    .flatMap((f) => {
      if (f.number !== undefined) return [f.number];
      const out: number[] = [];
      let value = 0n;
      let shift = 0n;
      for (const byte of f.bytes!) {
        value |= BigInt(byte & 0x7f) << shift;
        shift += 7n;
        if (shift > 70n) throw new Error(`ONNX ${what}: packed varint longer than ten bytes`);
        if (byte < 0x80) {
          out.push(Number(BigInt.asIntN(64, value)));
          value = 0n;
          shift = 0n;
        }
      }
      if (shift > 0n) throw new Error(`ONNX ${what}: truncated packed varint`);
      return out;
    });
}

/** The floats of a repeated field, of 4 or 8 bytes each, packed or not. */
export function floats(
  fields: readonly Field[],
  field: number,
  what: string,
  bytesEach: 4 | 8 = 4,
): number[] {
  return fields
    .filter((f) => f.field === field)
    .flatMap(({ bytes }) => {
      if (!bytes || bytes.length % bytesEach !== 0)
        throw new Error(`ONNX ${what}: float list of uneven length`);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return Array.from({ length: bytes.length / bytesEach }, (_, i) =>
        bytesEach === 4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true),
      );
    });
}

/** The last of a field's values: of several, protobuf lets it count. */
export const last = (fields: readonly Field[], field: number): Field | undefined =>
  fields.findLast((f) => f.field === field);

/** The bytes of every message, or text, of a repeated field. */
export const messages = (fields: readonly Field[], field: number): Uint8Array[] =>
  fields.filter((f) => f.field === field && f.bytes).map((f) => f.bytes!);

export function text(bytes: Uint8Array | undefined, what: string): string {
  if (!bytes) return '';
  try {
    return TEXT_DECODER.decode(bytes);
  } catch {
    throw new Error(`ONNX ${what}: a name is not valid UTF-8`);
  }
}
