// The Hono app: routes put together, errors answered in one place. It knows no engine, no Cloudflare binding and
// no file system; `deps` brings those.
import { type Hook, OpenAPIHono } from '@hono/zod-openapi';
import type { Context, Env } from 'hono';
import { cors } from 'hono/cors';
import type { Deps } from './deps.ts';
import { Problem, problemResponse } from './http/problem.ts';
import { createModelStore } from './models/store.ts';
import { documentRoutes } from './routes/documents.ts';
import { embedRoutes } from './routes/embed.ts';
import { generateRoutes } from './routes/generate.ts';
import { inferenceRoutes } from './routes/inference.ts';
import { interpolateRoutes } from './routes/interpolate.ts';
import { manifoldRoute } from './routes/manifold.ts';
import { modelRoutes } from './routes/models.ts';

/** A request that its schema refuses, as a problem that names parameter, rule and value. */
const refuse: Hook<unknown, Env, string, unknown> = (result, c) => {
  if (result.success) return;
  const given: Record<string, unknown> = { ...c.req.query(), ...c.req.param() };
  const errors = result.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        parameter: key,
        rule: 'is not a parameter of this route',
        value: given[key],
      }));
    const parameter = issue.path.join('.');
    return [{ parameter, rule: issue.message, value: given[parameter] }];
  });
  return problemResponse(c, new Problem(400, `${errors[0]!.parameter}: ${errors[0]!.rule}`, errors));
};

/** Requests that cost inference count against the limit, by the address they come from. */
const COSTLY = /^\/(generate|interpolate|manifold|decode|encode|reconstruct)\b/;
const RETRY_AFTER_SECONDS = 60;

export function createApp(deps: Deps): OpenAPIHono {
  const app = new OpenAPIHono({ defaultHook: refuse as never });
  const store = createModelStore(deps.readFile, deps);

  app.use(
    cors({
      origin: '*',
      allowMethods: ['GET', 'HEAD', 'POST'],
      exposeHeaders: ['X-Model', 'X-Seed', 'ETag', 'Content-Location', 'Content-Disposition', 'Retry-After'],
      maxAge: 86_400,
    }),
  );
  app.use(async (c, next) => {
    const client = c.req.header('CF-Connecting-IP') ?? 'local';
    if (deps.allow && COSTLY.test(c.req.path) && !(await deps.allow(client)))
      throw new Problem(429, 'too many requests from this address; try again in a minute', [], {
        'Retry-After': String(RETRY_AFTER_SECONDS),
      });
    await next();
  });

  generateRoutes(app, deps, store);
  interpolateRoutes(app, deps, store);
  manifoldRoute(app, deps, store);
  inferenceRoutes(app, deps, store);
  modelRoutes(app, store);
  embedRoutes(app, deps, store);
  documentRoutes(app, deps, store);

  app.notFound((c) => {
    const path = c.req.path.slice(0, 200);
    const others = ['GET', 'POST'].filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method),
    );
    const problem =
      others.length > 0
        ? new Problem(405, `${path} takes ${others.join(', ')}`, [], { Allow: others.join(', ') })
        : new Problem(404, `there is nothing at ${path}; see /docs`);
    return problemResponse(c, problem);
  });
  app.onError((error, c: Context) => {
    if (error instanceof Problem) {
      if (error.status >= 500) console.error(error.message);
      return problemResponse(c, error);
    }
    // What went wrong inside is for the log alone; the id joins the two.
    const id = crypto.randomUUID();
    console.error(id, error);
    return problemResponse(c, new Problem(500, `something went wrong here; it is logged as ${id}`));
  });
  return app;
}
