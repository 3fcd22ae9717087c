// The Cloudflare Worker: bindings in, answers out.
import { env } from 'cloudflare:workers';
import { type Bindings, createWorker } from './entry.ts';

export default createWorker(env as Bindings);
