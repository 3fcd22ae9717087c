// The peer of the edge benchmark: the least that Hono can do.
import { Hono } from 'hono';

export default new Hono().get('/', (context) => context.text('hello'));
