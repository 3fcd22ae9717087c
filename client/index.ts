// A client of the HTTP API: addresses of pictures, and a function for each route that answers in JSON.
import { addressOf, embedUrl, generateUrl, inPath, interpolateUrl, manifoldUrl } from './address.ts';
import { DreamletError, errorOf } from './error.ts';
import { jsonBody, type Picture, pictureBody } from './picture.ts';
import type { Queries } from './queries.ts';
import type { Answers, Bodies } from './routes.ts';

export { embedUrl, generateUrl, interpolateUrl, manifoldUrl } from './address.ts';
export { DreamletError } from './error.ts';
export { type Picture, pixelsOf } from './picture.ts';
export type { Queries } from './queries.ts';
export type { Answers, Bodies } from './routes.ts';
export type * from './schemas.ts';

export type ClientOptions = {
  /** Sends the requests; the platform's own, where there is none. */
  fetch?: (address: string, init: RequestInit) => Promise<Response>;
};

/** Of one request. */
export type RequestOptions = {
  /** Ends it. */
  signal?: AbortSignal;
};

/** Answers are JSON: pictures have addresses. */
type Query<R extends keyof Queries> = Omit<Queries[R], 'format'>;

type EditQuery = Omit<Query<'/edit'>, 'direction' | 'strength'> & {
  /** Names of directions on the card of the model. */
  direction: string | string[];
  /** How far, for all of them or for each: from -5 to 5, 1 where there is none. */
  strength?: number | number[];
};

/**
 * A client of the dreamlet at `origin`, such as `https://dreamlet.example.com`. Every function that asks rejects with a
 * DreamletError, or with the reason of its signal.
 */
export function createClient(
  origin: string | URL,
  { fetch: send = (address, init) => fetch(address, init) }: ClientOptions = {},
) {
  async function ask<R extends keyof Answers>(
    address: string,
    init: RequestInit,
    { signal }: RequestOptions = {},
  ): Promise<Answers[R]> {
    const headers = { Accept: 'application/json', ...init.headers };
    let response: Response;
    try {
      response = await send(address, { ...init, headers, ...(signal ? { signal } : {}) });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new DreamletError('the server cannot be reached', { cause });
    }
    if (!response.ok) throw await errorOf(response);
    return response.json() as Promise<Answers[R]>;
  }

  /** A function that posts pictures to a route; `format` where it has several. */
  const poster =
    <R extends keyof Queries & keyof Bodies & keyof Answers>(route: R, format?: 'json') =>
    async (picture: Picture, query: Query<R> = {} as Query<R>, options?: RequestOptions) =>
      ask<R>(
        addressOf(origin, route, { ...query, format }),
        { method: 'POST', ...(await pictureBody(picture)) },
        options,
      );

  return {
    /** The address of a picture, for an `<img>`. */
    generateUrl: (options?: Queries['/generate']) => generateUrl(origin, options),
    interpolateUrl: (options?: Queries['/interpolate']) => interpolateUrl(origin, options),
    manifoldUrl: (options: Parameters<typeof manifoldUrl>[1]) => manifoldUrl(origin, options),
    embedUrl: (options?: Queries['/embed']) => embedUrl(origin, options),

    /** New samples, with their latents and pixels. */
    generate: (query?: Query<'/generate'>, options?: RequestOptions) =>
      ask<'/generate'>(generateUrl(origin, { ...query, format: 'json' }), {}, options),
    /** The path between two seeds. */
    interpolate: (query?: Query<'/interpolate'>, options?: RequestOptions) =>
      ask<'/interpolate'>(interpolateUrl(origin, { ...query, format: 'json' }), {}, options),

    /** Latents or codes in, images out. */
    decode: (body: Bodies['/decode'], query: Query<'/decode'> = {}, options?: RequestOptions) =>
      ask<'/decode'>(
        addressOf(origin, '/decode', { ...query, format: 'json' }),
        { method: 'POST', ...jsonBody(body) },
        options,
      ),
    /** What the latents of a picture are. */
    encode: poster('/encode'),
    /** What is left of a picture in its latents. */
    reconstruct: poster('/reconstruct', 'json'),
    /** Completions of a picture of which a half is known. */
    complete: poster('/complete', 'json'),
    /** The probability of each class. */
    classify: poster('/classify'),
    /** How usual a picture is. */
    anomaly: poster('/anomaly'),
    /** A short code for a picture. */
    compress: poster('/compress', 'json'),
    /** A code of `compress`, base64, as an image again. */
    decompress: (code: string, query: Query<'/decompress'> = {}, options?: RequestOptions) =>
      ask<'/decompress'>(
        addressOf(origin, '/decompress', { ...query, format: 'json' }),
        { method: 'POST', ...jsonBody({ code } satisfies Bodies['/decompress']) },
        options,
      ),
    /** A picture, or that of `seed`, moved along latent directions. */
    edit: async (query: EditQuery, picture?: Picture, options?: RequestOptions) =>
      ask<'/edit'>(
        addressOf(origin, '/edit', { ...query, format: 'json' }),
        { method: 'POST', ...(picture ? await pictureBody(picture) : {}) },
        options,
      ),

    /** The cards of all models. */
    models: (options?: RequestOptions) => ask<'/models'>(addressOf(origin, '/models', {}), {}, options),
    /** The card of one: id, or id@version. */
    model: (id: string, options?: RequestOptions) =>
      ask<'/models/{id}'>(addressOf(origin, `/models/${inPath(id)}`, {}), {}, options),
    /** Versions, the default model, and what one request may take. */
    health: (options?: RequestOptions) => ask<'/healthz'>(addressOf(origin, '/healthz', {}), {}, options),
  };
}

export type Client = ReturnType<typeof createClient>;
