// Errors as RFC 9457 problem documents, and as readable pictures where a picture was asked for.
import type { Context } from 'hono';
import { encodePng } from '../../core/image/png.ts';
import { textImage } from '../../core/image/text.ts';

/** One bad parameter: where it is, the rule it breaks, the value it has. */
export type ParameterError = { parameter: string; rule: string; value?: unknown };

export type ProblemStatus = 400 | 404 | 405 | 413 | 415 | 422 | 429 | 500 | 503;

const TITLES: Record<ProblemStatus, string> = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Body too large',
  415: 'Unsupported media type',
  422: 'Cannot be done',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not ready',
};

/** Thrown anywhere below a route; answered in one place. */
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
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** A page's `<img>` asks for pictures: by path, or by an Accept header that prefers them. */
function wantsImage({ req }: Context): boolean {
  if (req.method === 'POST' || /\.(json|npy|onnx)$/.test(req.path)) return false;
  return /\.(png|apng)$/.test(req.path) || (req.header('Accept') ?? '').trimStart().startsWith('image/');
}

export function problemResponse(c: Context, problem: Problem): Response {
  const { status, errors, message } = problem;
  const headers = { 'Cache-Control': 'no-store', ...problem.headers };
  if (wantsImage(c)) {
    const rules = errors.map(({ parameter, rule }) => `${parameter}: ${rule}`);
    const lines = [message, ...rules.filter((rule) => rule !== message)];
    return c.body(encodePng(textImage(`${status} ${TITLES[status]}. ${lines.join('; ')}`)), status, {
      ...headers,
      'Content-Type': 'image/png',
    });
  }
  const document = {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail: message,
    ...(errors.length > 0 ? { errors } : {}),
  };
  return c.body(JSON.stringify(document), status, { ...headers, 'Content-Type': 'application/problem+json' });
}
