// Bodies of JSON, held to a schema.

import type { Context } from 'hono';
import * as z from 'zod';
import { BODY_LIMIT_BYTES, withBody } from './body.ts';
import { Problem } from './problem.ts';
import { refusal, ruleOf } from './refusal.ts';

/** Media type of the body, without parameters. */
export const bodyType = (c: Context): string =>
  (c.req.header('Content-Type') ?? '').split(';')[0]!.trim().toLowerCase();

/** `wanted`: what the route takes, `the image as image/png`. @throws Problem 415 */
export function refuseType(c: Context, wanted: string): never {
  const value = bodyType(c);
  throw new Problem(415, `send ${wanted}, not '${value.slice(0, 80)}'`, [
    { parameter: 'Content-Type', rule: `must be ${wanted.replace(/^.* as /, '')}`, value },
  ]);
}

/** The body as the JSON value that `schema` describes. @throws Problem 400 naming what is wrong where, or 415. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  if (bodyType(c) !== 'application/json') refuseType(c, 'the body as application/json');
  return withBody(c, BODY_LIMIT_BYTES, (bytes) => {
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
    } catch {
      const rule = 'must be JSON in UTF-8';
      throw new Problem(400, `the body ${rule}`, [{ parameter: 'body', rule }]);
    }
    const parsed = schema.safeParse(value, { error: ruleOf });
    if (parsed.success) return parsed.data;
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    throw refusal(parsed.error, value, { detail: 'the body does not fit', prefix: ['body'], known });
  });
}
