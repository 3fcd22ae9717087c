// The Cloudflare Worker: bindings in, answers out.
import { env } from 'cloudflare:workers';
import { type Bindings, createWorker, warm } from './entry.ts';

await warm();

export default createWorker(env as Bindings);
