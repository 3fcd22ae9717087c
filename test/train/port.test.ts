// The port of `npm start`.
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { requirePort } from '../../train/io/port.ts';

test.each(['', 'http', '0', '65536', '-1', '80.5'])('PORT=%s is no port', async (text) => {
  await expect(requirePort(text, 'npm start')).rejects.toThrow(
    `PORT=${text} is not allowed; give a whole number from 1 to 65535`,
  );
});

test('a port that another program has is refused in words, a free one is taken', async () => {
  const server = createServer();
  const port = await new Promise<number>((done) =>
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
  );
  await expect(requirePort(String(port), 'npm start')).rejects.toThrow(
    new RegExp(`^port ${port} is in use by another program; choose another, like PORT=\\d+ npm start$`),
  );
  await new Promise((done) => server.close(done));
  expect(await requirePort(String(port), 'npm start')).toBe(port);
});
