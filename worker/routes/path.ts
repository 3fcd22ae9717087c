// `/generate/mnist-vae@1.png`: the address that an `<img>` uses.
import * as z from 'zod';

/** A model in a path. */
export const modelId = z
  .string()
  .regex(/^[a-z0-9-]{1,80}(@\d+)?$/, 'must be a model: id or id@version')
  .meta({ description: 'a model, id or id@version', example: 'mnist-vae@1' });

/** A path parameter `model.extension`; `extensions` are the formats of the route. */
export const fileParameter = (extensions: readonly string[]) =>
  z.object({
    file: z
      .string()
      .regex(
        new RegExp(`^[a-z0-9-]+(@\\d+)?\\.(${extensions.join('|')})$`),
        `must be a model and one of ${extensions.map((e) => `.${e}`).join(', ')}`,
      )
      .meta({
        description: 'a model, id or id@version, and the format of the answer',
        example: `mnist-vae@1.${extensions[0]}`,
      }),
  });

export function splitFile<F extends string>(file: string): { model: string; format: F } {
  const dot = file.lastIndexOf('.');
  return { model: file.slice(0, dot), format: file.slice(dot + 1) as F };
}
