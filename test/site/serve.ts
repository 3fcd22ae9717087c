// The built site and the API on one local port, from Node: what `npm start` serves, without workerd.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { createNodeApp } from '../../worker/node.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.wasm': 'application/wasm',
};

/** What `_headers` gives a path: the headers of every rule that it matches. */
function staticHeaders(dist: string): (path: string) => Record<string, string> {
  const rules = readFileSync(join(dist, '_headers'), 'utf8')
    .split(/\n(?=\S)/)
    .map((rule) => {
      const [pattern, ...lines] = rule.trim().split('\n');
      const headers = lines.map((line) => /^\s+([\w-]+): (.*)$/.exec(line)!.slice(1) as [string, string]);
      return { pattern: new RegExp(`^${pattern!.replaceAll('*', '.*')}$`), headers };
    });
  return (path) =>
    Object.fromEntries(rules.flatMap(({ pattern, headers }) => (pattern.test(path) ? headers : [])));
}

/** `dist` holds the site, and below models/ what the app serves; `maxOperations`: of one request. */
export async function serve(
  dist: string,
  options: { maxOperations?: number } = {},
): Promise<{ origin: string; server: Server }> {
  const app = createNodeApp(join(dist, 'models'), undefined, { page: join(dist, 'index.html'), ...options });
  const headersOf = staticHeaders(dist);
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url!, 'http://localhost').pathname);
    const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
    if (path !== '/' && !path.startsWith('/models') && existsSync(file) && statSync(file).isFile()) {
      response.writeHead(200, {
        'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
        ...headersOf(path),
      });
      response.end(readFileSync(file));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await app.request(new URL(request.url!, `http://${request.headers.host}`).href, {
      method: request.method!,
      headers: request.headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    // The worker gets its first page from the files, with their headers.
    const own = path === '/' ? headersOf(path) : {};
    response.writeHead(answer.status, { ...own, ...Object.fromEntries(answer.headers) });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
