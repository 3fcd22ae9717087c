// Requests of the benchmarks that measure what a request costs: a connection each, and what every model can be asked.
import { request } from 'node:http';

/** `SEED` in the path becomes another one each time, so that nothing is answered from anybody's memory. */
export type Ask = { path: string; body?: Uint8Array | string; type?: string };

export const json = (value: unknown) => ({ body: JSON.stringify(value), type: 'application/json' });

/** Sends to `address`; gives the status. */
export function createSend(address: string, seed: string): (ask: Ask) => Promise<number> {
  let asked = 0;
  return ({ path, body, type }) => {
    const url = `${address}${path.replaceAll('SEED', `${seed}-${asked++}`)}`;
    return new Promise((resolve, reject) => {
      const headers = type === undefined ? {} : { 'Content-Type': type };
      const method = body === undefined ? 'GET' : 'POST';
      // A connection each: a kept one may be closed just when it is used again.
      const outgoing = request(url, { agent: false, method, headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  };
}

/** Grey levels of nothing in particular, in 0…1. */
export const somePixels = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => ((i * 7919) % 1000) / 1000);

/** Every model, drawn and encoded. */
export const everyModel = (names: readonly string[]): Ask[] =>
  names.flatMap((name) => [
    { path: `/generate/${name}.png?seed=SEED&n=16` },
    { path: `/encode?model=${name}`, ...json({ pixels: somePixels(784), width: 28, height: 28 }) },
  ]);

/** Asks in turn, `atOnce` at a time, until `seconds` have passed. */
export async function saturate(
  send: (ask: Ask) => Promise<number>,
  asks: readonly Ask[],
  atOnce: number,
  seconds: number,
): Promise<{ requests: number; failures: number }> {
  const end = performance.now() + seconds * 1000;
  let failures = 0;
  let requests = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) if ((await send(asks[requests++ % asks.length]!)) >= 500) failures += 1;
    }),
  );
  return { requests, failures };
}
