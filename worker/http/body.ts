// Bodies of requests, read byte by byte: never more than a limit, never for longer than a while, and never so many at
// once that the isolate has no room for anything else.
import type { Context } from 'hono';
import { discard } from '../../core/discard.ts';
import { Unreadable } from '../../core/unreadable.ts';
import { within } from '../shared.ts';
import { Problem } from './problem.ts';

/** Longest wait for the next bytes, and for all of them: a request whose client went away is kept for 30 s at most. */
const IDLE_MILLISECONDS = 8_000;
const TOTAL_MILLISECONDS = 25_000;
/** Bytes of all bodies that are being read or used: eight photographs of the largest size. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
/** Of bodies that are no photographs. */
export const BODY_LIMIT_BYTES = 256 * 1024;
const FIRST_BYTES = 16 * 1024;
const CODINGS = ['gzip', 'deflate'] as const;

/** Of a body that is not needed, what is read and thrown away, and how long the next bytes are waited for. */
const DRAINED_BYTES = 16 * 1024 * 1024;
const DRAIN_IDLE_MILLISECONDS = 3_000;

let held = 0;

/**
 * Lets a client finish sending what nobody reads: a connection that is closed amid a body takes the answer with it, and
 * the client reads of a lost connection where it should read the answer.
 */
export async function drain(stream: ReadableStream<Uint8Array> | null): Promise<void> {
  if (!stream || stream.locked) return;
  const reader = stream.getReader();
  await drainFrom(reader);
  await reader.cancel().catch(() => {});
}

async function drainFrom(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const end = Date.now() + TOTAL_MILLISECONDS;
  for (let left = DRAINED_BYTES; left > 0; ) {
    const next = reader.read().catch(() => undefined);
    const part = await within(next, Math.min(DRAIN_IDLE_MILLISECONDS, end - Date.now()));
    if (!part?.value || part.value.done) return;
    left -= part.value.value.length;
  }
}

const refused = (rule: string) => new Problem(400, `the body ${rule}`, [{ parameter: 'body', rule }]);

const tooLarge = (bytes: number, limit: number) =>
  new Problem(413, `the body has ${bytes} bytes; at most ${limit} are allowed`, [
    { parameter: 'body', rule: `must have at most ${limit} bytes`, value: bytes },
  ]);

/** Room that grows with what comes in. */
function createBuffer(limit: number) {
  let bytes = new Uint8Array(0);
  let length = 0;
  const grow = (size: number) => {
    if (held + size - bytes.length > MAX_HELD_BYTES)
      throw new Problem(503, 'too many bodies come in at once; try again in a moment', [], {
        'Retry-After': '2',
      });
    held += size - bytes.length;
    const larger = new Uint8Array(size);
    larger.set(bytes.subarray(0, length));
    discard(bytes);
    bytes = larger;
  };
  return {
    append(part: Uint8Array): void {
      const needed = length + part.length;
      if (needed > limit) throw tooLarge(needed, limit);
      if (needed > bytes.length) grow(Math.min(limit, Math.max(needed, 2 * bytes.length, FIRST_BYTES)));
      bytes.set(part, length);
      length = needed;
    },
    bytes: () => bytes.subarray(0, length),
    release(): void {
      held -= bytes.length;
      discard(bytes);
      bytes = new Uint8Array(0);
    },
  };
}
type Buffer = ReturnType<typeof createBuffer>;

/** `sent`: by a client, who may be sending still. */
async function readInto(
  buffer: Buffer,
  stream: ReadableStream<Uint8Array> | null,
  fault: () => Problem,
  sent: boolean,
) {
  const reader = stream?.getReader();
  const end = Date.now() + TOTAL_MILLISECONDS;
  try {
    for (;;) {
      // A client that went away, or sent what is no body.
      const next = reader?.read().catch(() => {
        throw fault();
      });
      const part = next && (await within(next, Math.min(IDLE_MILLISECONDS, end - Date.now())));
      if (next && !part) throw new Problem(408, 'the body took too long to come');
      if (!part || part.value.done) return;
      buffer.append(part.value.value);
    }
  } catch (error) {
    // Who sends more than is taken reads why; nobody waits for one who has stopped, or for what is only unpacked.
    if (reader && sent && error instanceof Problem && error.status !== 408) await drainFrom(reader);
    await reader?.cancel().catch(() => {});
    throw error;
  }
}

/** What packed bytes become. @throws Problem 400 when they are damaged, 413 above the limit. */
async function unpack(
  packed: Uint8Array<ArrayBuffer>,
  coding: (typeof CODINGS)[number],
  limit: number,
): Promise<Buffer> {
  const buffer = createBuffer(limit);
  const fault = () => refused(`must be what Content-Encoding says, ${coding}`);
  try {
    const stream = new Response(packed).body!.pipeThrough(new DecompressionStream(coding));
    await readInto(buffer, stream as ReadableStream<Uint8Array>, fault, false);
    return buffer;
  } catch (error) {
    buffer.release();
    throw error;
  }
}

function codingOf(c: Context): (typeof CODINGS)[number] | undefined {
  const named = (c.req.header('Content-Encoding') ?? 'identity').trim().toLowerCase().replace(/^x-/, '');
  if (named === 'identity' || named === '') return undefined;
  const coding = CODINGS.find((one) => one === named);
  if (coding) return coding;
  const rule = `must be ${CODINGS.join(' or ')}, or absent`;
  throw new Problem(
    415,
    `Content-Encoding ${rule}`,
    [{ parameter: 'Content-Encoding', rule, value: named }],
    { 'Accept-Encoding': CODINGS.join(', ') },
  );
}

/** What `read` makes of bytes, whose complaints are about the body. @throws Problem 400 */
export function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asProblem(error);
  }
}

/** As `readable`, of what takes a while. */
export async function readableSoon<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asProblem(error);
  }
}

const asProblem = (error: unknown): unknown =>
  error instanceof Unreadable
    ? new Problem(400, error.message, [{ parameter: 'body', rule: error.message }])
    : error;

/**
 * What `use` makes of the body, unpacked if it came packed; the bytes are gone after that.
 * @throws Problem 400, 408, 413 or 415, and 503 while too many come in at once.
 */
export async function withBody<T>(
  c: Context,
  limit: number,
  use: (bytes: Uint8Array<ArrayBuffer>) => T | Promise<T>,
): Promise<T> {
  const declared = Number(c.req.header('Content-Length') ?? 0);
  if (declared > limit) throw tooLarge(declared, limit);
  const coding = codingOf(c);
  let buffer = createBuffer(limit);
  const fault = () => refused('must come whole, as the length or the chunks that it announces');
  try {
    await readInto(buffer, c.req.raw.body, fault, true);
    if (coding) {
      const packed = buffer;
      buffer = await unpack(packed.bytes(), coding, limit).finally(packed.release);
    }
    return await use(buffer.bytes());
  } finally {
    buffer.release();
  }
}
