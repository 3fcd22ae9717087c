// A route: its schemas validate and document it, and everything around its answer happens in one function. Hono
// calls a lone handler directly; each middleware would cost a round of promises and a copy of the response.
import type { OpenAPIHono, RouteConfig, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { cors } from 'hono/cors';
import { Problem } from './problem.ts';

type Schemas = { params?: z.ZodType; query?: z.ZodType };
type Route = Omit<RouteConfig, 'request'> & { request: Schemas };
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

/** Requests that cost inference count against the limit, by the address they come from. */
const COSTLY =
  /^\/(generate|interpolate|manifold|decode|encode|reconstruct|complete|classify|edit|anomaly|compress|decompress)\b/;
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

/** Lets pages of other origins read the response. */
export function open(response: Response): Response {
  response.headers.set('Access-Control-Allow-Origin', '*');
  response.headers.set('Access-Control-Expose-Headers', EXPOSED_LIST);
  return response;
}

/** The answer to a browser that asks whether it may ask. */
export const preflight = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST'],
  exposeHeaders: EXPOSED,
  maxAge: 86_400,
});

/** What a schema refuses, as a problem that names parameter, rule and value. */
function refusal({ issues }: z.ZodError, given: Record<string, unknown>): Problem {
  const errors = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        parameter: key,
        rule: 'is not a parameter of this route',
        value: given[key],
      }));
    const parameter = issue.path.join('.');
    return [{ parameter, rule: issue.message, value: given[parameter] }];
  });
  return new Problem(400, `${errors[0]!.parameter}: ${errors[0]!.rule}`, errors);
}

function parse(c: Context, schema: z.ZodType | undefined, value: Record<string, unknown>): unknown {
  const result = schema?.safeParse(value);
  if (result?.success === false) throw refusal(result.error, { ...c.req.query(), ...c.req.param() });
  return result?.data;
}

/** Query parameters as text; a parameter that is given twice is an array, which no schema takes. */
function queryOf(c: Context): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(c.req.queries()))
    query[name] = values.length === 1 ? values[0] : values;
  return query;
}

/** `allow` counts a request of an address; false when it has made too many. */
export function createAddRoute(app: OpenAPIHono, allow?: (key: string) => Promise<boolean>): AddRoute {
  const requireAllowed = async (c: Context) => {
    if (!COSTLY.test(c.req.path) || (await allow?.(c.req.header('CF-Connecting-IP') ?? 'local'))) return;
    throw new Problem(429, 'too many requests from this address; try again in a minute', [], {
      'Retry-After': String(RETRY_AFTER_SECONDS),
    });
  };
  return (route, answer) => {
    app.openAPIRegistry.registerPath(route as unknown as RouteConfig);
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(route.method.toUpperCase(), path, async (c) => {
      if (allow) await requireAllowed(c);
      const { params, query } = route.request;
      const input = {
        params: params && parse(c, params, c.req.param()),
        query: parse(c, query, queryOf(c)),
      };
      return open(await answer(c, input as Input<typeof route>));
    });
  };
}
