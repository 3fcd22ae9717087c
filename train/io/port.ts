// The port that a local server is to have, looked at before anything is built for it.
import { createServer } from 'node:net';

/** Addresses that `localhost` may mean. */
const HOSTS = ['127.0.0.1', '::1'];

const refusalOf = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });

/** @throws Error in words, when `text` is no port, or the port is not to be had; it says how `command` is given another. */
export async function requirePort(text: string, command: string): Promise<number> {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new Error(`PORT=${text} is not allowed; give a whole number from 1 to 65535`);
  const other = `choose another, like PORT=${port < 65_535 && port >= 1024 ? port + 1 : 8787} ${command}`;
  for (const host of HOSTS) {
    const code = await refusalOf(port, host);
    if (code === 'EADDRINUSE') throw new Error(`port ${port} is in use by another program; ${other}`);
    if (code === 'EACCES') throw new Error(`port ${port} is not for everybody; ${other}`);
  }
  return port;
}
