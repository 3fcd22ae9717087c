// log p(x, z) of latents that the host has chosen, and what the recognition model says of images.
import { add, exp, mul } from '@tensorflow/tfjs-core';
import { standardNormalLogDensity } from '../../likelihoods.ts';
import type { HostTensor, Tensors, Vae, Weights } from '../../model.ts';
import { repeat } from '../../models/posterior.ts';
import { compileWeighted, type RunOptions } from '../../runner/rows.ts';
import { diagonalGaussian, type Gaussian } from './gaussian-fit.ts';

/** What is needed of a model to sample p(z|x); one without a recognition model has no `encode`. */
export type LatentModel = Pick<Vae, 'image' | 'latentDimensions' | 'logLikelihood'> &
  Partial<Pick<Vae, 'encode'>>;

export type Joint = {
  /** q(z|x) of each image of `x`; undefined without a recognition model. */
  recognise(weights: Weights, x: HostTensor): Promise<Gaussian[] | undefined>;
  /** log p(x, z), as `latents` are: one list for each image, all of one length, a multiple of `EACH`. */
  evaluate(weights: Weights, x: HostTensor, latents: number[][][]): Promise<number[][]>;
  release(): Promise<void>;
};

/** Latents of an image that are evaluated in one run. */
export const EACH = 10;

/** For `images` at a time. */
export async function createJoint(
  model: LatentModel,
  like: Weights,
  { images, ...options }: RunOptions & { images: number },
): Promise<Joint> {
  const { channels, height, width } = model.image;
  const J = model.latentDimensions;
  const shape = [images, channels, height, width];
  const z = { shape: [EACH * images, J], data: new Float32Array(EACH * images * J) };
  // Latent s of image i is row s · images + i.
  const logJoint = (params: Tensors, state: Tensors, inputs: Tensors): Tensors => {
    const logLikelihood = model.logLikelihood(params, state, repeat(inputs.x!, EACH), inputs.z!);
    return { logJoint: add(logLikelihood, standardNormalLogDensity(inputs.z!)) };
  };
  const joint = await compileWeighted(like, { x: shape, z: z.shape }, logJoint, options);
  const { encode } = model;
  const recognition = (params: Tensors, state: Tensors, inputs: Tensors): Tensors => {
    const { mean, logVariance } = encode!(params, state, inputs.x!);
    return { mean, deviation: exp(mul(logVariance, 0.5)) };
  };
  const encoder = encode ? await compileWeighted(like, { x: shape }, recognition, options) : undefined;

  return {
    async recognise(weights, x) {
      if (!encoder) return undefined;
      const { mean, deviation } = await encoder.run(weights, { x });
      const row = ({ data }: HostTensor, i: number) => data.slice(i * J, (i + 1) * J);
      return Array.from({ length: images }, (_, i) => diagonalGaussian(row(mean!, i), row(deviation!, i)));
    },
    async evaluate(weights, x, latents) {
      const result: number[][] = latents.map(() => []);
      for (let done = 0; done < latents[0]!.length; done += EACH) {
        for (const [i, own] of latents.entries())
          for (let s = 0; s < EACH; s++) z.data.set(own[done + s]!, (s * images + i) * J);
        const { data } = (await joint.run(weights, { x, z })).logJoint!;
        for (let row = 0; row < EACH * images; row++) result[row % images]!.push(data[row]!);
      }
      return result;
    },
    async release() {
      await joint.release();
      await encoder?.release();
    },
  };
}
