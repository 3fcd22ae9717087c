// Safetensors: u64 header length, JSON header { name: { dtype, shape, data_offsets } }, then the data.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { HostTensors } from '../model.ts';
import { writeAtomically } from './files.ts';

type Entry = { dtype: 'F32'; shape: number[]; data_offsets: [number, number] };

/** Writes float32 tensors and string metadata, `sha256` of the data among them; the file appears whole or not at all. */
export function writeSafetensors(path: string, tensors: HostTensors, metadata: Record<string, string>): void {
  const bodies = Object.values(tensors).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  const hash = createHash('sha256');
  for (const body of bodies) hash.update(body);
  const header: Record<string, Entry | Record<string, string>> = {
    __metadata__: { ...metadata, sha256: hash.digest('hex') },
  };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = JSON.stringify(header);
  // The data start at a multiple of 8 bytes, as the format asks: the header is padded with spaces.
  const head = Buffer.from(
    json.padEnd(Math.ceil(Buffer.byteLength(json) / 8) * 8 - (Buffer.byteLength(json) - json.length)),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  writeAtomically(path, Buffer.concat([length, head, ...bodies]));
}

/**
 * Reads a file that `writeSafetensors` wrote.
 * @throws Error naming the file and the rule, when it is truncated, malformed, or holds anything but float32.
 */
export function readSafetensors(path: string): { tensors: HostTensors; metadata: Record<string, string> } {
  const bytes = readFileSync(path);
  const fail = (rule: string): never => {
    throw new Error(`${path}: ${rule}: truncated or damaged checkpoint`);
  };
  if (bytes.length < 8) fail(`${bytes.length} bytes, expected at least 8`);
  const headerLength = Number(bytes.readBigUInt64LE());
  if (headerLength > bytes.length - 8)
    fail(`the header needs ${headerLength} bytes, got ${bytes.length - 8}`);
  let header: Record<string, Entry> & { __metadata__?: Record<string, string> };
  try {
    header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength));
  } catch {
    return fail('the header is not JSON');
  }
  const { __metadata__: { sha256, ...metadata } = {}, ...entries } = header;
  const body = bytes.subarray(8 + headerLength);
  const tensors: HostTensors = {};
  for (const [name, { dtype, shape, data_offsets: range }] of Object.entries(entries)) {
    if (dtype !== 'F32') fail(`tensor '${name}' has dtype ${dtype}, expected F32`);
    const elements = shape.reduce((n, d) => n * d, 1);
    const [start, end] = range;
    if (end - start !== 4 * elements || start < 0 || end > body.length)
      fail(`tensor '${name}' of shape [${shape}] lies at bytes ${start} to ${end} of ${body.length}`);
    const data = new Float32Array(elements);
    new Uint8Array(data.buffer).set(body.subarray(start, end));
    tensors[name] = { shape, data };
  }
  const actual = createHash('sha256').update(body).digest('hex');
  if (sha256 !== undefined && sha256 !== actual) fail(`the data have SHA-256 ${actual}, expected ${sha256}`);
  return { tensors, metadata };
}
