// encoded.json of a package: where its encoder puts test images, for a page that shows them on a plane.
import * as z from 'zod';

/** What the card says of that file. */
export const encodedSchema = z.strictObject({
  file: z.string(),
  /** Data split and number of images, e.g. `test, 1000 images drawn by chance, seed 'test-subset'`. */
  split: z.string(),
  images: z.number().int().positive(),
  /** Share of the variance of the posterior means along each axis of the plane. */
  explained: z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]),
});
export type EncodedCard = z.infer<typeof encodedSchema>;

/** J is the number of latents, N that of images. Image n is at mean[j] = centre[j] + step[j] · codes[n · J + j]. */
export const encodedImagesSchema = z.strictObject({
  split: z.string(),
  /** How the encoder was shown the images, in one sentence. */
  shown: z.string(),
  /** Means of the posterior means, [J]. */
  centre: z.array(z.number()),
  /** Of the whole numbers below, [J]. */
  step: z.array(z.number().nonnegative()),
  /** Posterior means as whole numbers from -127 to 127, [N, J], int8 in base64. */
  codes: z.string(),
  /** Unit vectors that span the plane, [J] each: the principal axes of the posterior means, or the latents themselves of
   *  a model of two. */
  axes: z.tuple([z.array(z.number()), z.array(z.number())]),
  /** Class index of each image, [N], where the set has classes. */
  labels: z.array(z.number().int().nonnegative()).optional(),
});
export type EncodedImages = z.infer<typeof encodedImagesSchema>;
