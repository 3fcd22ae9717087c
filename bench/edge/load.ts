// A small load generator: a fixed number of keep-alive connections, bounded in requests and in time, loopback only.
// It shares the processor with what it measures, so it speaks HTTP on plain sockets: `node:http` takes several times
// as long for a request, and slows fast servers more than slow ones.
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { percentile } from '../statistics.ts';

export type Load = { requestsPerSecond: number; p50: number; p99: number; bytes: number };

/** Longest wait for one answer. workerd has been seen to sweep its memory without end and answer nobody. */
const TIMEOUT_SECONDS = 20;

const requireOk = (url: string, status: number): void => {
  if (status !== 200) throw new Error(`load: ${url} must answer 200, answered ${status}`);
};

/** One GET; resolves to its milliseconds and the length of its body. Any status but 200 is an error. */
export function get(url: string): Promise<{ milliseconds: number; bytes: number }> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, timeout: TIMEOUT_SECONDS * 1000 }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => {
        try {
          requireOk(url, response.statusCode ?? 0);
          resolve({ milliseconds: performance.now() - start, bytes });
        } catch (error) {
          reject(error);
        }
      });
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`load: ${url} must answer within ${TIMEOUT_SECONDS} s, it did not`)),
    );
    outgoing.end();
  });
}

/** Length of the first answer in `data`, head and body, and its status; nothing while its head is incomplete. */
function answerIn(data: Buffer): { status: number; head: number; body: number } | undefined {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return;
  const head = data.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (!length) throw new Error(`load: the answer must say its Content-Length, got ${head.slice(0, 200)}`);
  return { status: Number(head.slice(9, 12)), head: end + 4, body: Number(length[1]) };
}

/** One connection: asks for `next()` until there is none, and hands milliseconds and body length to `answered`. */
function connection(
  next: () => string | undefined,
  answered: (milliseconds: number, bytes: number) => void,
): Promise<void> {
  let url = next();
  if (url === undefined) return Promise.resolve();
  const { hostname, port, host, origin } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
    let data: Buffer = Buffer.alloc(0);
    let start = 0;
    const send = () => {
      start = performance.now();
      socket.write(`GET ${url!.slice(origin.length)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    };
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(TIMEOUT_SECONDS * 1000, () =>
      fail(new Error(`load: ${url} must answer within ${TIMEOUT_SECONDS} s, it did not`)),
    );
    socket.on('connect', send);
    socket.on('error', fail);
    socket.on('close', () => reject(new Error(`load: ${url} must be answered, the connection was closed`)));
    socket.on('data', (chunk) => {
      data = data.length === 0 ? chunk : Buffer.concat([data, chunk]);
      try {
        const answer = answerIn(data);
        if (!answer || data.length < answer.head + answer.body) return;
        requireOk(url!, answer.status);
        answered(performance.now() - start, answer.body);
      } catch (error) {
        fail(error as Error);
        return;
      }
      data = Buffer.alloc(0);
      url = next();
      if (url !== undefined) send();
      else {
        resolve();
        socket.destroy();
      }
    });
  });
}

/** Asks for `urlOf(0)`, `urlOf(1)`, … until `requests` were answered or `seconds` have passed. Times in ms. */
export async function load(
  urlOf: (index: number) => string,
  { connections = 8, requests = 4000, seconds = 5 } = {},
): Promise<Load> {
  if (!/^http:\/\/127\.0\.0\.1:/.test(urlOf(0))) throw new Error(`load: loopback only, got ${urlOf(0)}`);
  const times: number[] = [];
  let index = 0;
  let bytes = 0;
  const start = performance.now();
  const next = () =>
    index < requests && performance.now() - start < seconds * 1000 ? urlOf(index++) : undefined;
  await Promise.all(
    Array.from({ length: connections }, () =>
      connection(next, (milliseconds, length) => {
        times.push(milliseconds);
        bytes = length;
      }),
    ),
  );
  const elapsed = (performance.now() - start) / 1000;
  return {
    requestsPerSecond: times.length / elapsed,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    bytes,
  };
}
