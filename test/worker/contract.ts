// Every answer that a test sees is held to what the OpenAPI document says of its route: the status is one of the route's,
// the media type one of the status, and JSON is all of what its schema describes.
import { expect } from 'vitest';
import type { App } from '../../worker/app.ts';
import { CONTRACT } from '../../worker/http/contract.ts';
import type { ProblemCode } from '../../worker/http/responses.ts';
import type { Route } from '../../worker/http/route.ts';

/** Whether `path` is one of a route's addresses, such as `/generate/{file}`. */
const isOf = (path: string, { path: pattern }: Route): boolean =>
  new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);

/** Statuses that any route may answer, whatever it says: the same everywhere, or no answer of the route's own. */
const ANYWHERE = new Set([304, 405, 500]);

async function check(routes: readonly Route[], method: string, path: string, response: Response) {
  const route = routes.find((one) => one.method.toUpperCase() === method && isOf(path, one));
  const { status } = response;
  if (!route || ANYWHERE.has(status)) return;
  const { content, problems, redirect } = route.responses;
  const said =
    status === 200 || (status === 302 ? redirect !== undefined : problems.includes(status as ProblemCode));
  expect(said, `${method} ${path} answers ${status}, which its route does not say`).toBe(true);
  const type = (response.headers.get('Content-Type') ?? '').split(';')[0]!;
  // A problem may be drawn as a picture, where a picture was asked for.
  if (status >= 300 && !type.endsWith('json')) return;
  const name = status === 200 ? content[type] : type === 'application/problem+json' ? 'Problem' : undefined;
  expect(
    name,
    `${method} ${path} answers ${status} with ${type}, which its route does not say`,
  ).not.toBeUndefined();
  if (!type.endsWith('json')) return;
  const body = await response.clone().json();
  // Parsing leaves out what the schema does not have, and refuses what is missing or of another type.
  expect(CONTRACT[name!].parse(body)).toEqual(body);
}

/** The app, whose `request` checks every answer. */
export function holdToContract(app: App): App {
  const request = app.request.bind(app);
  app.request = async (...[input, init, ...rest]: Parameters<typeof request>) => {
    const response = await request(input, init, ...rest);
    const method = (input instanceof Request ? input.method : init?.method) ?? 'GET';
    const address = input instanceof Request ? input.url : String(input);
    await check(app.contract, method, new URL(address, 'http://localhost').pathname, response);
    return response;
  };
  return app;
}
