// Every answer that a test sees is held to what the OpenAPI document says of its route: the status is one of the route's,
// the media type one of the status, and JSON is all of what its schema describes.
import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import { expect } from 'vitest';
import type { z } from 'zod';

type Answers = Record<string, { content?: Record<string, { schema: unknown }> }>;

const routesOf = (app: OpenAPIHono): RouteConfig[] =>
  app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route' ? [definition.route] : [],
  );

/** Whether `path` is one of a route's addresses, such as `/generate/{file}`. */
const isOf = (path: string, { path: pattern }: RouteConfig): boolean =>
  new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);

/** Statuses that any route may answer, whatever it says: the same everywhere, or no answer of the route's own. */
const ANYWHERE = new Set([304, 405, 500]);

async function check(routes: readonly RouteConfig[], method: string, path: string, response: Response) {
  const route = routes.find((one) => one.method.toUpperCase() === method && isOf(path, one));
  const { status } = response;
  if (!route || ANYWHERE.has(status)) return;
  const said = (route.responses as Answers)[status];
  expect(said, `${method} ${path} answers ${status}, which its route does not say`).toBeDefined();
  const type = (response.headers.get('Content-Type') ?? '').split(';')[0]!;
  // A problem may be drawn as a picture, where a picture was asked for.
  if (status >= 300 && !type.endsWith('json')) return;
  const content = said!.content?.[type];
  expect(
    content,
    `${method} ${path} answers ${status} with ${type}, which its route does not say`,
  ).toBeDefined();
  if (!type.endsWith('json')) return;
  const body = await response.clone().json();
  // Parsing leaves out what the schema does not have, and refuses what is missing or of another type.
  expect((content!.schema as z.ZodType).parse(body)).toEqual(body);
}

/** The app, whose `request` checks every answer. */
export function holdToContract(app: OpenAPIHono): OpenAPIHono {
  const routes = routesOf(app);
  const request = app.request.bind(app);
  app.request = async (...[input, init, ...rest]: Parameters<typeof request>) => {
    const response = await request(input, init, ...rest);
    const method = (input instanceof Request ? input.method : init?.method) ?? 'GET';
    const address = input instanceof Request ? input.url : String(input);
    await check(routes, method, new URL(address, 'http://localhost').pathname, response);
    return response;
  };
  return app;
}
