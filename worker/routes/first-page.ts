// GET /: the first page of the site, a file, with what those who unfurl its address read of the picture that it names.
import type { Hono } from 'hono';
import type { Deps } from '../deps.ts';
import { headed } from '../http/route.ts';
import type { ModelStore } from '../models/store.ts';
import { sharePage } from '../pages/share.ts';
import { hasAlready, tagOf } from './answers.ts';

const utf8 = new TextEncoder();

export function firstPage(app: Hono, { readPage, maxOperations }: Deps, store: ModelStore): void {
  if (!readPage) return;
  app.get('/', async (c) => {
    const file = await readPage();
    if (!file.ok) return file;
    // Without models it says so itself.
    const cards = await store.cards().catch(() => []);
    const page = utf8.encode(sharePage(await file.text(), new URL(c.req.url), cards, { maxOperations }));
    const headers = new Headers(file.headers);
    headers.set('Content-Type', 'text/html; charset=utf-8');
    headers.set('ETag', tagOf(page));
    headers.delete('Content-Length');
    if (hasAlready(c, tagOf(page))) return new Response(null, { status: 304, headers });
    return headed(c, new Response(page, { headers }));
  });
}
