// Errors as RFC 9457 problem documents, and as readable pictures where a picture was asked for.
import type { Context } from 'hono';
import { encodePng } from '../../core/image/png.ts';
import { textImage } from '../../core/image/text.ts';
import { preferred } from './accept.ts';

/** One bad parameter: where it is, the rule it breaks, the value it has. */
export type ParameterError = { parameter: string; rule: string; value?: unknown };

export type ProblemStatus = 400 | 404 | 405 | 408 | 413 | 415 | 422 | 429 | 500 | 501 | 503;

const TITLES: Record<ProblemStatus, string> = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Took too long',
  413: 'Body too large',
  415: 'Unsupported media type',
  422: 'Cannot be done',
  429: 'Too many requests',
  500: 'Internal error',
  501: 'Not implemented',
  503: 'Not ready',
};

/** Errors that an answer lists; it counts the others. */
const MAX_ERRORS = 6;
const MAX_DETAIL = 600;
const MAX_RULE = 240;
/** Characters of a name or a value that are repeated. */
const MAX_WORD = 60;
/** Bytes of a document. */
const MAX_BYTES = 4000;

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** A value as it is repeated: a short word, or nothing. */
function repeated(value: unknown): unknown {
  if (typeof value === 'string') return cut(value, MAX_WORD);
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** Thrown anywhere below a route; answered in one place. What it says is short, whatever it was given. */
export class Problem extends Error {
  readonly status: ProblemStatus;
  readonly errors: ParameterError[];
  readonly headers: Record<string, string>;

  constructor(
    status: ProblemStatus,
    detail: string,
    errors: ParameterError[] = [],
    headers: Record<string, string> = {},
  ) {
    const more = errors.length - MAX_ERRORS;
    super(`${cut(detail, MAX_DETAIL)}${more > 0 ? `; ${more} more errors` : ''}`);
    this.name = 'Problem';
    this.status = status;
    this.errors = errors.slice(0, MAX_ERRORS).map(({ parameter, rule, value }) => {
      const short = repeated(value);
      return {
        parameter: cut(parameter, MAX_WORD),
        rule: cut(rule, MAX_RULE),
        ...(short === undefined ? {} : { value: short }),
      };
    });
    this.headers = headers;
  }
}

const JSON_TYPES = ['application/problem+json', 'application/json'] as const;

/** A page's `<img>` asks for pictures: by path, unless it wants JSON, or by an Accept header that prefers them. */
function wantsImage({ req }: Context): boolean {
  if (req.method === 'POST' || /\.(json|npy|onnx)$/.test(req.path)) return false;
  if (req.query('errors') === 'document') return false;
  const accept = req.header('Accept');
  if (/\.(png|apng|webp|svg)$/.test(req.path))
    return preferred(accept, ['image/png', ...JSON_TYPES]) === 'image/png';
  return preferred(accept, [...JSON_TYPES, 'image/png']) === 'image/png';
}

export function problemResponse(c: Context, problem: Problem): Response {
  const { status, errors, message } = problem;
  const headers = { 'Cache-Control': 'no-store', Vary: 'Accept', ...problem.headers };
  if (wantsImage(c)) {
    const rules = errors.map(({ parameter, rule }) => `${parameter}: ${rule}`);
    const lines = [message, ...rules.filter((rule) => !message.startsWith(rule))];
    return c.body(encodePng(textImage(`${status} ${TITLES[status]}. ${lines.join('; ')}`)), status, {
      ...headers,
      'Content-Type': 'image/png',
    });
  }
  const head = { type: 'about:blank', title: TITLES[status], status, detail: message };
  let listed = errors.length;
  let body: Uint8Array<ArrayBuffer>;
  do {
    const document = { ...head, ...(listed > 0 ? { errors: errors.slice(0, listed) } : {}) };
    body = new TextEncoder().encode(JSON.stringify(document));
    // Names and values may be written in letters of many bytes.
  } while (body.length > MAX_BYTES && --listed > 0);
  return c.body(body, status, { ...headers, 'Content-Type': 'application/problem+json' });
}
