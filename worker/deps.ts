// What the app is assembled from. worker/index.ts supplies it on Cloudflare, worker/node.ts in Node.

import type { ReadPhoto } from '../core/image/photos.ts';
import type { ReadFile } from './models/catalogue.ts';
import type { Engines } from './models/store.ts';

export type Deps = Engines & {
  /** Reads below the folder of models: `index.json`, `mnist-vae@1/decoder.onnx`, … */
  readFile: ReadFile;
  /** The first page of the site as a file; without it there is none. */
  readPage?(): Promise<Response>;
  /** Reads photographs in bodies; without it they are refused. */
  readPhoto?: ReadPhoto;
  /** Model of a request that names none. */
  defaultModel: string;
  /** Version of dreamlet, for /healthz. */
  version: string;
  /** Counts a request of `key`; false when it has made too many. */
  allow?(key: string): Promise<boolean>;
  /** Floating-point operations that one request may take. */
  maxOperations?: number;
};
