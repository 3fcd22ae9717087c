// A route: its schemas validate and document it, and everything around its answer happens in one function. Hono
// calls a lone handler directly; each middleware would cost a round of promises and a copy of the response.
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type * as z from 'zod';
import { Problem } from './problem.ts';
import { isStranger, readQuery } from './query.ts';
import { refusal, ruleOf } from './refusal.ts';
import type { Answers, Body } from './responses.ts';

export type Route = {
  method: 'get' | 'post';
  path: string;
  summary: string;
  /** Whether an answer takes work or many bytes: then requests count against the limit of their address. */
  costs: boolean;
  request: { params?: z.ZodObject; query: z.ZodObject };
  body?: Body;
  responses: Answers;
};

/** A route as it is written, with the types of its schemas. */
export const createRoute = <const R extends Route>(route: R): R => route;

type Parsed<S> = S extends z.ZodType<infer T> ? T : undefined;
type Input<R extends Route> = {
  params: Parsed<R['request']['params']>;
  query: Parsed<R['request']['query']>;
};

/** Mounts a route; `answer` gets what the route's schemas made of path and query. */
export type AddRoute = <R extends Route>(
  route: R,
  answer: (c: Context, input: Input<R>) => Response | Promise<Response>,
) => void;

const RETRY_AFTER_SECONDS = 60;

const EXPOSED = [
  'X-Model',
  'X-Seed',
  'X-Label',
  'X-Bits',
  'ETag',
  'Content-Location',
  'Content-Disposition',
  'Retry-After',
];
const EXPOSED_LIST = EXPOSED.join(',');

/** Lets pages of other origins read the response, and nobody take it for another type than it says. */
export function open(response: Response): Response {
  const { headers } = response;
  headers.set('Access-Control-Allow-Origin', '*');
  headers.set('Access-Control-Expose-Headers', EXPOSED_LIST);
  headers.set('Cross-Origin-Resource-Policy', 'cross-origin');
  headers.set('X-Content-Type-Options', 'nosniff');
  return response;
}

/** The answer to a browser that asks whether it may ask. */
const allowed = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST'],
  exposeHeaders: EXPOSED,
  maxAge: 86_400,
});
export const preflight: MiddlewareHandler = async (c, next) => {
  const response = await allowed(c, next);
  return response && open(response);
};

/**
 * Validates what `schema` describes, which must have no rules across its members. Most of what an address may say it
 * does not: what that comes to is found out here, once, and a request costs only what it gives.
 */
function createParse(
  schema: z.ZodObject,
  known: readonly string[],
  elsewhere?: (name: string) => string | undefined,
) {
  const { shape } = schema;
  if (schema.def.checks?.length)
    throw new Error(`a route must not have rules across its parameters, ${Object.keys(shape)} has`);
  const absent = schema.safeParse({}).data;
  const each = (value: Record<string, unknown>): Record<string, unknown> | undefined => {
    const data: Record<string, unknown> = { ...absent };
    for (const name in value) {
      const result = Object.hasOwn(shape, name) ? shape[name]!.safeParse(value[name]) : undefined;
      if (!result?.success) return undefined;
      data[name] = result.data;
    }
    return data;
  };
  return (value: Record<string, unknown>): Record<string, unknown> => {
    const data = absent && each(value);
    if (data) return data;
    const result = schema.safeParse(value, { error: ruleOf });
    if (!result.success) throw refusal(result.error, value, { known, ...(elsewhere ? { elsewhere } : {}) });
    return result.data;
  };
}

/** What is left of a query when the parameters of strangers are gone, on a route that others link to. */
function withoutStrangers(query: Record<string, unknown>): Record<string, unknown> {
  for (const name in query) if (isStranger(name)) delete query[name];
  return query;
}

/** To a HEAD the answer to a GET, with how long it would be and without its body. */
export async function headed(c: Context, response: Response): Promise<Response> {
  if (c.req.method !== 'HEAD') return response;
  const { byteLength } = await response.arrayBuffer();
  const headers = new Headers(response.headers);
  if (byteLength > 0) headers.set('Content-Length', String(byteLength));
  return new Response(null, { status: response.status, headers });
}

/** Mounted routes are appended to `routes`. `allow` counts a request of an address; false when it has made too many. */
export function createAddRoute(
  app: Hono,
  routes: Route[],
  allow?: (key: string) => Promise<boolean>,
): AddRoute {
  const requireAllowed = async (c: Context) => {
    if (await allow!(c.req.header('CF-Connecting-IP') ?? 'local')) return;
    throw new Problem(429, 'too many requests from this address; try again in a minute', [], {
      'Retry-After': String(RETRY_AFTER_SECONDS),
    });
  };
  /** The route that a parameter is of: sizes and formats are of one alone. */
  const elsewhere = (name: string) =>
    routes.find(({ request }) => Object.hasOwn(request.query.shape, name))?.path;
  return (route, answer) => {
    routes.push(route);
    const { costs } = route;
    const { params, query } = route.request;
    const known = Object.keys(query.shape);
    const stranger = known.find(isStranger);
    if (stranger)
      throw new Error(`${route.path}: a parameter must not have a stranger's name, '${stranger}' has`);
    const parsePath = params && createParse(params, []);
    const parseQuery = createParse(query, known, elsewhere);
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const isGet = route.method === 'get';
    app.on(route.method.toUpperCase(), path, async (c) => {
      if (allow && costs) await requireAllowed(c);
      const given = readQuery(c.req.url);
      const input = {
        params: parsePath?.(c.req.param()),
        query: parseQuery(isGet ? withoutStrangers(given) : given),
      };
      return headed(c, open(await answer(c, input as never)));
    });
  };
}
