// A small load generator: a fixed number of keep-alive connections, bounded in requests and in time, loopback only.
import { Agent, request } from 'node:http';
import { percentile } from '../statistics.ts';

export type Load = { requestsPerSecond: number; p50: number; p99: number; bytes: number };

/** Longest wait for one answer. workerd has been seen to sweep its memory without end and answer nobody. */
const TIMEOUT_SECONDS = 20;

/** One GET; resolves to its milliseconds and the length of its body. Any status but 200 is an error. */
export function get(url: string, agent?: Agent): Promise<{ milliseconds: number; bytes: number }> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, timeout: TIMEOUT_SECONDS * 1000 }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ milliseconds: performance.now() - start, bytes });
        else reject(new Error(`load: ${url} must answer 200, answered ${response.statusCode}`));
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

/** Asks for `urlOf(0)`, `urlOf(1)`, … until `requests` were answered or `seconds` have passed. Times in ms. */
export async function load(
  urlOf: (index: number) => string,
  { connections = 8, requests = 4000, seconds = 5 } = {},
): Promise<Load> {
  if (!/^http:\/\/127\.0\.0\.1:/.test(urlOf(0))) throw new Error(`load: loopback only, got ${urlOf(0)}`);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let next = 0;
  let bytes = 0;
  const start = performance.now();
  const connection = async () => {
    while (next < requests && performance.now() - start < seconds * 1000) {
      const answer = await get(urlOf(next++), agent);
      times.push(answer.milliseconds);
      bytes = answer.bytes;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const elapsed = (performance.now() - start) / 1000;
  agent.destroy();
  return {
    requestsPerSecond: times.length / elapsed,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    bytes,
  };
}
