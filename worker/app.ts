// The Hono app: routes put together, errors answered in one place. It knows no engine, no Cloudflare binding and
// no file system; `deps` brings those.
import { type Context, Hono } from 'hono';
import type { Deps } from './deps.ts';
import { Busy } from './engine/busy.ts';
import { drain } from './http/body.ts';
import { Problem, problemResponse } from './http/problem.ts';
import { createAddRoute, headed, open, preflight, type Route } from './http/route.ts';
import { createModelStore } from './models/store.ts';
import { anomalyRoute } from './routes/anomaly.ts';
import { classifyRoute } from './routes/classify.ts';
import { completeRoute } from './routes/complete.ts';
import { compressRoutes } from './routes/compress.ts';
import { decodeRoute } from './routes/decode.ts';
import { documentRoutes } from './routes/documents.ts';
import { editRoute } from './routes/edit.ts';
import { embedRoutes } from './routes/embed.ts';
import { encodeRoutes } from './routes/encode.ts';
import { firstPage } from './routes/first-page.ts';
import { generateRoutes } from './routes/generate.ts';
import { interpolateRoutes } from './routes/interpolate.ts';
import { manifoldRoute } from './routes/manifold.ts';
import { modelRoutes } from './routes/models.ts';

export type App = Hono & { readonly contract: readonly Route[] };

export function createApp(deps: Deps): App {
  const app = new Hono();
  const contract: Route[] = [];
  const add = createAddRoute(app, contract, deps.allow);
  const store = createModelStore(deps.readFile, deps);

  app.options('*', preflight);
  generateRoutes(add, deps, store);
  interpolateRoutes(add, deps, store);
  manifoldRoute(add, deps, store);
  decodeRoute(add, deps, store);
  encodeRoutes(add, deps, store);
  completeRoute(add, deps, store);
  classifyRoute(add, deps, store);
  editRoute(add, deps, store);
  anomalyRoute(add, deps, store);
  compressRoutes(add, deps, store);
  modelRoutes(add, deps, store);
  embedRoutes(add, deps, store);
  documentRoutes(contract, add, deps, store);
  firstPage(app, deps, store);

  app.notFound((c) => {
    const path = c.req.path.slice(0, 200);
    const others = ['GET', 'POST']
      .filter((method) =>
        app.router.match(method, c.req.path)[0].some(([[, route]]) => route.method === method),
      )
      .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    const problem =
      others.length > 0
        ? new Problem(405, `${path} takes ${others.join(', ')}`, [], {
            Allow: [...others, 'OPTIONS'].join(', '),
          })
        : new Problem(404, `there is nothing at ${path}; see /docs`);
    return headed(c, open(problemResponse(c, problem)));
  });
  const later = (detail: string) => new Problem(503, detail, [], { 'Retry-After': '2' });
  app.onError(async (thrown, c: Context) => {
    // What the runtime says of a connection to another service that was lost, or of one that has too much to do.
    const { retryable, overloaded } = thrown as { retryable?: boolean; overloaded?: boolean };
    if (retryable || overloaded) console.error(thrown);
    const error =
      thrown instanceof Busy
        ? later(thrown.message)
        : retryable || overloaded
          ? later('what this needs cannot be reached at the moment; try again')
          : thrown;
    if (error instanceof Problem) {
      if (error.status >= 500) console.error(error.message);
      return headed(c, open(problemResponse(c, error)));
    }
    const flaw = await store.examine();
    if (flaw) {
      console.error(flaw);
      return open(
        problemResponse(c, later('the list of models is damaged; it may be whole again in a moment')),
      );
    }
    // What went wrong inside is for the log alone; the id joins the two.
    const id = crypto.randomUUID();
    console.error(id, error);
    const problem = new Problem(500, `something went wrong here; it is logged as ${id}`);
    return headed(c, open(problemResponse(c, problem)));
  });
  const { fetch: answer } = app;
  /** Whatever the answer is, it comes when the body has been read that it did not need. */
  const fetch: typeof answer = async (request, ...rest) => {
    const response = await answer(request, ...rest);
    await drain(request.body);
    return response;
  };
  return Object.assign(app, { contract, fetch });
}
