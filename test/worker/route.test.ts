// What a route may ask for: its parameters are validated one by one, each by its own schema.
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createAddRoute, createRoute } from '../../worker/http/route.ts';

const routeOf = (query: z.ZodObject) =>
  createRoute({
    method: 'get',
    path: '/x',
    summary: 'x',
    costs: false,
    request: { query },
    responses: { description: 'x', content: {}, problems: [] },
  });

const add = (query: z.ZodObject) => {
  const app = new Hono();
  createAddRoute(app, [])(routeOf(query), (c, input) => c.json(input.query));
  return app;
};

test('a rule across parameters would not be seen: such a route is refused', () => {
  const ends = z.object({ from: z.coerce.number(), to: z.coerce.number() });
  expect(() => add(ends.refine(({ from, to }) => from <= to))).toThrow(
    'a route must not have rules across its parameters, from,to has',
  );
  expect(() => add(ends)).not.toThrow();
});

test('a parameter must not have the name of what others add to links', () => {
  expect(() => add(z.object({ utm_source: z.string() }))).toThrow(
    "/x: a parameter must not have a stranger's name, 'utm_source' has",
  );
});

test('a parameter that is given, and one that is not, are what their schemas make of them', async () => {
  const app = add(z.object({ n: z.coerce.number().default(7), name: z.string().optional() }));
  expect(await (await app.request('/x?name=a')).json()).toEqual({ n: 7, name: 'a' });
  expect(await (await app.request('/x?n=3')).json()).toEqual({ n: 3 });
});
