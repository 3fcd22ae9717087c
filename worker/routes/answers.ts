// The parts that answers of image routes share: names, cache rules, seeds, formats.
import type { Context } from 'hono';
import { murmur3 } from '../../core/sampling/murmur3.ts';
import type { ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import { preferred } from '../http/accept.ts';
import { ownAddress } from '../http/query.ts';

const PINNED_CACHE = 'public, max-age=31536000, immutable';
const NEWEST_CACHE = 'public, max-age=3600';
/** Several answers have this address: a cache that ignores `Vary` would hand out the wrong one, so that none may share. */
export const NEGOTIATED_CACHE = 'private, max-age=60';

/** A random seed for a request that has none: short, and readable in an address. */
export const randomSeed = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => (byte % 36).toString(36)).join('');

/** The request's own address with some parameters filled in. */
export function redirectWith(c: Context, parameters: Record<string, string>): Response {
  const url = ownAddress(c.req.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return c.body(null, 302, { Location: `${url.pathname}${url.search}`, 'Cache-Control': 'no-store' });
}

const SVG_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const MEDIA_TYPES = {
  png: 'image/png',
  apng: 'image/apng',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  json: 'application/json',
  html: 'text/html',
  npy: 'application/octet-stream',
  bin: 'application/octet-stream',
} as const;
export type Format = keyof typeof MEDIA_TYPES;

/** `format`, else what `Accept` prefers among `formats`, else the first. */
export function chooseFormat<F extends Format>(
  c: Context,
  explicit: F | undefined,
  formats: readonly F[],
): F {
  if (explicit) return explicit;
  const types = formats.map((format) => MEDIA_TYPES[format]);
  return formats[types.indexOf(preferred(c.req.header('Accept'), types))]!;
}

/** Headers of an answer to a POST, which no cache keeps. */
export const uncachedHeaders = (card: ModelCard, type: string) => ({
  'Content-Type': type,
  'X-Model': nameOf(card),
  'Cache-Control': 'no-store',
  'Timing-Allow-Origin': '*',
});

/** JSON that names its model first. */
export const modelJson = (
  c: Context,
  card: ModelCard,
  body: object,
  headers: Record<string, string> = {},
): Response =>
  c.body(JSON.stringify({ model: card.id, version: card.version, ...body }), 200, {
    ...uncachedHeaders(card, 'application/json'),
    ...headers,
  });

/** Parameters of a request with their defaults filled in. */
export type Parameters = Record<string, string | number | boolean>;

/** Everything that an answer depends on. */
export type Answer = {
  card: ModelCard;
  pinned: boolean;
  /** Route and format. */
  kind: string;
  parameters: Parameters;
};

const utf8 = new TextEncoder();

/** A strong tag of some bytes. */
export function tagOf(bytes: Uint8Array): string {
  let tag = '';
  for (const word of murmur3(bytes)) tag += word.toString(16).padStart(8, '0');
  return `"${tag}"`;
}

/** A strong tag from the request alone: the same request has the same bytes. */
function etagOf({ card, kind, parameters }: Answer): string {
  // The hashes of its graphs are part of it: a developer may build another model under the same version.
  const { decoder, prior } = card.graphs;
  const hashes = [decoder, prior].flatMap((graph) =>
    graph ? [card.files.find(({ name }) => name === graph.file)?.sha256] : [],
  );
  return tagOf(utf8.encode(JSON.stringify([nameOf(card), ...hashes, kind, parameters])));
}

/** Whether the client has what the tag stands for; caches that compress make a strong tag weak on the way. */
export function hasAlready(c: Context, etag: string): boolean {
  const given = c.req.header('If-None-Match');
  if (given === undefined) return false;
  const known = given.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}

/** Header values are Latin-1, without blanks around them: anything else is percent-encoded. */
export const headerText = (text: string): string =>
  /^([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?$/.test(text) ? text : encodeURIComponent(text);

/** workerd takes a record of headers two to three times as slowly as one after the other. */
function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const name in headers) response.headers.set(name, headers[name]!);
  return response;
}

/**
 * Answers a GET whose bytes depend on the request alone: 304 without any work when the client has them, else
 * `make`, with cache rules, names and the addresses of both.
 */
export async function cachedAnswer(
  c: Context,
  answer: Answer,
  format: Format,
  make: () => Promise<Uint8Array<ArrayBuffer> | string>,
): Promise<Response> {
  const { card, pinned, parameters } = answer;
  const negotiated = !/\.[a-z]+$/.test(c.req.path) && c.req.query('format') === undefined;
  const headers: Record<string, string> = {
    ETag: etagOf(answer),
    'Cache-Control': negotiated ? NEGOTIATED_CACHE : pinned ? PINNED_CACHE : NEWEST_CACHE,
    'X-Model': nameOf(card),
    'Timing-Allow-Origin': '*',
    ...(negotiated ? { Vary: 'Accept' } : {}),
  };
  if (parameters.seed !== undefined) headers['X-Seed'] = headerText(String(parameters.seed));
  if (!pinned || negotiated) headers['Content-Location'] = fixedAddress(c, card, format);
  if (hasAlready(c, headers.ETag!)) return withHeaders(new Response(null, { status: 304 }), headers);
  const name = [card.id, ...Object.values(parameters)]
    .join('-')
    .replace(/[^A-Za-z0-9.-]+/g, '_')
    .slice(0, 80);
  headers['Content-Type'] = MEDIA_TYPES[format];
  const shown = c.req.query('download') === 'true' ? 'attachment' : 'inline';
  headers['Content-Disposition'] = `${shown}; filename="${name}.${format}"`;
  // Opened by itself, an SVG is a page.
  if (format === 'svg') headers['Content-Security-Policy'] = SVG_POLICY;
  return withHeaders(new Response(await make()), headers);
}

/** The address of this answer alone: with the version of its model and its format. */
function fixedAddress(c: Context, card: ModelCard, format: Format): string {
  const url = ownAddress(c.req.url);
  const [, route, , sized] = url.pathname.split('/');
  url.pathname = `/${route}/${nameOf(card)}${sized ? `/${sized}` : `.${format}`}`;
  for (const name of ['model', 'format', 'errors', 'download']) url.searchParams.delete(name);
  return `${url.pathname}${url.search}`;
}
