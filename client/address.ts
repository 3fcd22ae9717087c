// Addresses of pictures: the one place that makes them, for the client, the page and the widget.
import type { Queries } from './queries.ts';

type Value = string | number | boolean | readonly (string | number)[] | undefined;

/** An address of a dreamlet; parameters that are undefined are left out. */
export function addressOf(origin: string | URL, path: string, query: Record<string, Value>): string {
  const url = new URL(path, origin);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

/** `mnist-vae@1` as it stands in a path. */
export const inPath = (model: string): string => encodeURIComponent(model).replaceAll('%40', '@');

type Asked = { model?: string | undefined; format?: string | undefined } & Record<string, Value>;

/** `/{route}/{model}.{format}`, which caches keep by itself; without a model it is the default one of the service. */
function fileUrl(origin: string | URL, route: string, { model, format = 'png', ...query }: Asked): string {
  return model === undefined
    ? addressOf(origin, `/${route}`, { ...query, format })
    : addressOf(origin, `/${route}/${inPath(model)}.${format}`, query);
}

/** Of new samples: a picture, where `format` says nothing else; `size` is one such as 256x256. */
export const generateUrl = (origin: string | URL, options: Queries['/generate'] = {}): string =>
  fileUrl(origin, 'generate', options);

/** Of the path between two seeds: a strip, or with `format: 'apng'` an animation. */
export const interpolateUrl = (origin: string | URL, options: Queries['/interpolate'] = {}): string =>
  fileUrl(origin, 'interpolate', options);

/** Of the latent plane of a model. */
export const manifoldUrl = (
  origin: string | URL,
  options: Queries['/manifold/{file}'] & { model: string },
): string => fileUrl(origin, 'manifold', options);

/** Of a page with one picture, for an iframe. */
export const embedUrl = (origin: string | URL, options: Queries['/embed'] = {}): string =>
  addressOf(origin, '/embed', options);
