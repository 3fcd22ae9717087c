// The marginal likelihood estimator of Kingma & Welling 2013, Appendix D, for models of few latent dimensions.
import { createStream } from '../../../core/sampling/stream.ts';
import { createChains, createSampler, type Moved } from '../../methods/hmc.ts';
import type { HostTensors, Vae } from '../../model.ts';
import type { Backend } from '../../runner/backends.ts';
import { createLogSumExp } from './bound.ts';
import { fitGaussian } from './gaussian-fit.ts';

export type MarginalOptions = {
  /** Posterior samples for the density, and again as many for the estimate. */
  samples: number;
  /** HMC moves that tune and settle the chains, and moves between two samples. */
  burnIn: number;
  thinning: number;
  leapfrogSteps: number;
  seed: string;
  backend: Backend;
  threads?: number;
};

export type MarginalEvaluator = {
  /** Estimates of log p(x), nats, and the mean acceptance of the chains after burn-in. */
  evaluate(weights: {
    params: HostTensors;
    state: HostTensors;
  }): Promise<{ logMarginal: Float64Array; acceptance: number }>;
  release(): Promise<void>;
};

/**
 * Estimates log p(x) of `values` [images · size]: (1) posterior samples by HMC; (2) a Gaussian q(z) with full
 * covariance fitted to them, one an image; (3) fresh samples z_l ~ p(z|x), and
 * log p(x) ≈ −log (1/L) Σ q(z_l) / (p(z_l) p(x|z_l)).
 */
export async function createMarginalEvaluator(
  vae: Pick<Vae, 'image' | 'latentDimensions' | 'logLikelihood'>,
  like: { params: HostTensors; state: HostTensors },
  values: Float32Array,
  options: MarginalOptions,
): Promise<MarginalEvaluator> {
  const { samples, burnIn, thinning, seed } = options;
  const { channels, height, width } = vae.image;
  const images = values.length / (channels * height * width);
  const J = vae.latentDimensions;
  const x = { shape: [images, channels, height, width], data: values };
  const sampler = await createSampler(vae, like, { ...options, chains: images });

  return {
    async evaluate(weights) {
      const noise = createStream(seed, 'hmc');
      let now: Moved = {
        ...createChains(images, J),
        logDensity: new Float32Array(0),
        acceptance: new Float32Array(0),
      };
      let accepted = 0;
      // While the chains settle their steps are tuned, coarsely at first.
      for (let i = 0; i < burnIn; i++) now = await sampler.move(weights, x, now, noise, 1 - i / burnIn);
      const advance = async () => {
        for (let i = 0; i < thinning; i++) {
          now = await sampler.move(weights, x, now, noise, 0);
          accepted += now.acceptance.reduce((sum, a) => sum + a / images, 0);
        }
      };
      const at = (i: number) => now.z.data.slice(i * J, (i + 1) * J);
      const drawn = Array.from({ length: images }, (): Float32Array[] => []);
      for (let s = 0; s < samples; s++) {
        await advance();
        for (let i = 0; i < images; i++) drawn[i]!.push(at(i));
      }
      const densities = drawn.map(fitGaussian);
      const sums = drawn.map(() => createLogSumExp());
      for (let s = 0; s < samples; s++) {
        await advance();
        for (let i = 0; i < images; i++) sums[i]!.add(densities[i]!.logDensity(at(i)) - now.logDensity[i]!);
      }
      return {
        logMarginal: Float64Array.from(sums, (sum) => Math.log(samples) - sum.value()),
        acceptance: accepted / (2 * samples * thinning),
      };
    },
    release: sampler.release,
  };
}
