// Bodies that no answer needs, sent to their end before anything is read: the answer comes all the same, and the
// connection goes on.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelList } from '../../models/list.ts';
import { startWorker } from './start-worker.ts';

let worker: Awaited<ReturnType<typeof startWorker>>;
beforeAll(async () => {
  const list = modelList([JSON.parse(readFileSync('models/mnist-vae@1/model.json', 'utf8'))]);
  worker = await startWorker(async (path) => {
    const bytes = path === 'index.json' ? Buffer.from(list) : readFileSync(`models/${path}`);
    return Uint8Array.from(bytes).buffer;
  });
}, 90_000);
afterAll(() => worker.stop());

const PART = Buffer.alloc(64 * 1024, 'x');
const CHUNK = Buffer.concat([Buffer.from(`${PART.length.toString(16)}\r\n`), PART, Buffer.from('\r\n')]);

/** Sends `asked` with a body of so many bytes, then HEAD /nowhere on the same connection; gives both status lines. */
function askTwice(asked: string, bytes: number, chunked: boolean): Promise<string[]> {
  const { hostname, port } = new URL(worker.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let said = '';
    const answers = () => said.match(/HTTP\/1\.1 \d+/g) ?? [];
    socket.on('error', ({ message }) => resolve([...answers(), message]));
    socket.on('close', () => resolve(answers()));
    const head = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes}`;
    socket.write(`${asked} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n${head}\r\n\r\n`);
    for (let sent = 0; sent < bytes; sent += PART.length) socket.write(chunked ? CHUNK : PART);
    if (chunked) socket.write('0\r\n\r\n');
    socket.write('HEAD /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n', () => {
      // As slow clients do: nothing is read before everything is sent.
      socket.on('data', (part) => {
        said += part.toString('latin1');
        if (answers().length === 2) socket.destroy();
      });
    });
  });
}

test.each([
  ['POST /nowhere', 404],
  ['POST /generate', 405],
  ['DELETE /generate', 405],
  ['POST /encode?strange=1', 400],
  ['POST /encode?model=nobody', 404],
  ['POST /encode?model=mnist-vae', 413],
  ['POST /decode?model=mnist-vae', 415],
  ['OPTIONS /encode', 204],
  ['GET /openapi.json', 200],
  ['GET /docs?strange=1', 400],
  ['GET /generate/mnist-vae@1.png?seed=a', 200],
])('%s: %i, however much is sent', async (asked, status) => {
  for (const kibibytes of [320, 2048, 15 * 1024])
    for (const chunked of [false, true])
      expect([kibibytes, chunked, ...(await askTwice(asked, 1024 * kibibytes, chunked))]).toEqual([
        kibibytes,
        chunked,
        `HTTP/1.1 ${status}`,
        'HTTP/1.1 404',
      ]);
});
