// The marginal likelihood estimator of Kingma & Welling 2013, Appendix D, for models of few latent dimensions.
import { createStream, type Stream } from '../../../core/sampling/stream.ts';
import { type Chains, createChains, createSampler } from '../../methods/hmc.ts';
import type { HostTensor, Weights } from '../../model.ts';
import type { RunOptions } from '../../runner/rows.ts';
import { meanAndError } from '../statistics.ts';
import { diagonalGaussian, fitGaussian, type Mixture, mixture } from './gaussian-fit.ts';
import { createJoint, EACH, type LatentModel } from './joint.ts';
import { logSumExp } from './log-sum-exp.ts';
import { resample } from './resample.ts';

export type MarginalOptions = RunOptions & {
  /** Latents that are proposed for each image by each of the prior, a wider Gaussian and the recognition model. */
  proposals: number;
  /** Chains of an image. */
  chains: number;
  /** Posterior samples of an image for the density, and again as many for the estimate. */
  samples: number;
  /** HMC moves that tune and settle the chains, and moves between two samples of one. */
  burnIn: number;
  thinning: number;
  leapfrogSteps: number;
  seed: string;
};

export type Marginal = {
  /** Estimates of log p(x), nats. */
  logMarginal: Float64Array;
  /** A lower bound on each, in expectation: the importance-weighted bound with the fitted density. */
  bound: Float64Array;
  /** Mean acceptance of the chains after burn-in. */
  acceptance: number;
};

export type MarginalEvaluator = {
  /** @throws Error with the figures when the estimates are below their bound by more than their errors allow. */
  evaluate(weights: Weights): Promise<Marginal>;
  release(): Promise<void>;
};

/** Images whose chains move together; the last group is filled up with zeros, whose results are dropped. */
const IMAGES_PER_RUN = 100;
/** Deviation of the Gaussian beside the prior, for images whose codes lie far out. */
const WIDE = 2;
/** Powers of the weights by which chains find their starts, in turn: below 1 they come apart from the best proposals. */
const START_POWERS = [1, 0.1];
/** Moves that a chain takes from a draw of the fitted density before it is a sample. */
const SETTLING = 2;
/** Standard errors of the mean difference that an estimate may lie below its bound. */
const TOLERANCE = 4;

/** @throws Error with both figures when the mean of `logMarginal` is below that of `bound` beyond its error. */
export function requireAboveBound({ logMarginal, bound }: Pick<Marginal, 'logMarginal' | 'bound'>): void {
  const { mean, standardError } = meanAndError(logMarginal.map((value, i) => value - bound[i]!));
  if (mean < -TOLERANCE * standardError)
    throw new Error(
      `marginal: the estimate of log p(x), ${meanAndError(logMarginal).mean.toFixed(2)}, must not be below its lower ` +
        `bound ${meanAndError(bound).mean.toFixed(2)}; it is, by ${(-mean).toFixed(3)} ± ${standardError.toFixed(3)}`,
    );
}

/**
 * Estimates log p(x) of `values` [images · size]: (1) posterior samples by HMC; (2) a density q(z) fitted to them, one
 * Gaussian with full covariance for each chain; (3) fresh samples z_l ~ p(z|x), and
 * log p(x) ≈ −log (1/L) Σ q(z_l) / (p(z_l) p(x|z_l)).
 *
 * A chain stays in the mode that it starts in, and one in a wrong mode outweighs all others in (3). So chains of (1)
 * start apart, and importance weights of draws of q (Cappé et al. 2008) give each Gaussian the share of its mode, and
 * the chains of (3) their starts.
 */
export async function createMarginalEvaluator(
  model: LatentModel,
  like: Weights,
  values: Float32Array,
  options: MarginalOptions,
): Promise<MarginalEvaluator> {
  const { proposals, chains, samples, burnIn, thinning, seed } = options;
  for (const [name, value, unit] of [
    ['proposals', proposals, EACH],
    ['samples', samples, EACH],
    ['samples', samples, chains],
  ] as const)
    if (value % unit !== 0) throw new Error(`marginal: ${name} must be a multiple of ${unit}, got ${value}`);
  const perChain = samples / chains;
  const { channels, height, width } = model.image;
  const size = channels * height * width;
  const count = values.length / size;
  const images = Math.min(IMAGES_PER_RUN, count);
  const J = model.latentDimensions;
  const axes = new Float64Array(J);
  const around0 = [1, WIDE].map((deviation) =>
    diagonalGaussian(
      axes,
      axes.map(() => deviation),
    ),
  );
  const joint = await createJoint(model, like, { ...options, images });
  const sampler = await createSampler(model, like, { ...options, chains: images * chains });

  /** One group of images. Chain c of image i is row c · images + i of its tensors. */
  async function evaluateGroup(weights: Weights, x: HostTensor, noise: Stream) {
    const xs = tile(x, chains);
    let now: Chains;
    let accepted = 0;
    const perImage = <T>(of: (image: number) => T): T[] => Array.from({ length: images }, (_, i) => of(i));
    const rowOf = (image: number, chain: number) => chain * images + image;
    /** log p(x, z) / r(z) of draws z of densities r. */
    async function weigh(draws: number[][][], densities: Mixture[]): Promise<number[][]> {
      const logJoint = await joint.evaluate(weights, x, draws);
      return logJoint.map((own, i) => own.map((value, s) => value - densities[i]!.logDensity(draws[i]![s]!)));
    }
    /** Chains at the chosen draw of every image and chain. */
    function startAt(draws: number[][][], chosen: number[][]): HostTensor {
      const z = { shape: [chains * images, J], data: new Float32Array(chains * images * J) };
      for (let i = 0; i < images; i++)
        for (let c = 0; c < chains; c++) z.data.set(draws[i]![chosen[i]![c]!]!, rowOf(i, c) * J);
      return z;
    }
    /** The next samples of every image, and log p(x, z) there. */
    async function advance() {
      for (let move = 1; ; move++) {
        const moved = await sampler.move(weights, xs, now, noise, 0);
        now = moved;
        accepted += meanAndError(moved.acceptance).mean / (2 * perChain * thinning);
        if (move === thinning)
          return perImage((i) =>
            Array.from({ length: chains }, (_, c) => {
              const row = rowOf(i, c);
              return { z: moved.z.data.slice(row * J, (row + 1) * J), logJoint: moved.logDensity[row]! };
            }),
          );
      }
    }

    const recognised = await joint.recognise(weights, x);
    const parts = perImage((i) => [...around0, ...(recognised ? [recognised[i]!] : [])]);
    const proposed = parts.map((own) =>
      own.flatMap((part) => Array.from({ length: proposals }, () => part.draw(noise))),
    );
    const first = await weigh(
      proposed,
      parts.map((own) =>
        mixture(
          own,
          own.map(() => 1 / own.length),
        ),
      ),
    );
    const apart = first.map((own) =>
      Array.from({ length: chains }, (_, c) => {
        const power = START_POWERS[c % START_POWERS.length]!;
        return resample(
          own.map((weight) => power * weight),
          1,
          noise.uniform(),
        )[0]!;
      }),
    );
    now = createChains(startAt(proposed, apart));
    // While the chains settle their steps are tuned, coarsely at first.
    for (let i = 0; i < burnIn; i++) now = await sampler.move(weights, xs, now, noise, 1 - i / burnIn);
    // One step for all chains of an image, so that none creeps because its few moves of tuning were unlucky.
    const stepSize = sharedSteps(now.stepSize, images);
    now = { z: now.z, stepSize };
    const rounds: Awaited<ReturnType<typeof advance>>[] = [];
    for (let s = 0; s < perChain; s++) rounds.push(await advance());
    const fitted = perImage((i) =>
      Array.from({ length: chains }, (_, c) => fitGaussian(rounds.map((round) => round[i]![c]!.z))),
    );

    const even = fitted.map((own) =>
      mixture(
        own,
        own.map(() => 1 / chains),
      ),
    );
    const draws = fitted.map((own) =>
      Array.from({ length: samples }, (_, s) => own[s % chains]!.draw(noise)),
    );
    const second = await weigh(draws, even);
    const densities = perImage((i) => {
      const total = logSumExp(second[i]!);
      const shares = fitted[i]!.map(() => 0);
      for (const [s, z] of draws[i]!.entries()) {
        const weight = Math.exp(second[i]![s]! - total);
        for (const [c, part] of even[i]!.logParts(z).entries())
          shares[c]! += weight * Math.exp(part - even[i]!.logDensity(z));
      }
      return mixture(fitted[i]!, shares);
    });
    const again = second.map((own) => resample(own, chains, noise.uniform()));
    now = { z: startAt(draws, again), stepSize };
    for (let i = 0; i < SETTLING; i++) now = await sampler.move(weights, xs, now, noise, 0);
    const ratios: number[][] = perImage(() => []);
    for (let s = 0; s < perChain; s++)
      for (const [i, own] of (await advance()).entries())
        for (const { z, logJoint } of own) ratios[i]!.push(densities[i]!.logDensity(z) - logJoint);
    return {
      logMarginal: ratios.map((own) => Math.log(samples) - logSumExp(own)),
      bound: second.map((own) => logSumExp(own) - Math.log(samples)),
      accepted,
    };
  }

  return {
    async evaluate(weights) {
      const result: Marginal = {
        logMarginal: new Float64Array(count),
        bound: new Float64Array(count),
        acceptance: 0,
      };
      for (let start = 0; start < count; start += images) {
        const here = Math.min(images, count - start);
        const data = new Float32Array(images * size);
        data.set(values.subarray(start * size, (start + here) * size));
        const x = { shape: [images, channels, height, width], data };
        const group = await evaluateGroup(weights, x, createStream(seed, 'marginal', start));
        result.logMarginal.set(group.logMarginal.slice(0, here), start);
        result.bound.set(group.bound.slice(0, here), start);
        result.acceptance += (group.accepted * here) / count;
      }
      requireAboveBound(result);
      return result;
    },
    async release() {
      await joint.release();
      await sampler.release();
    },
  };
}

/** The geometric mean over the chains of each image, for all of them; row c · images + i is of image i. */
function sharedSteps({ shape, data }: HostTensor, images: number): HostTensor {
  const chains = data.length / images;
  const logs = new Float64Array(images);
  for (const [row, step] of data.entries()) logs[row % images]! += Math.log(step) / chains;
  return { shape, data: data.map((_, row) => Math.exp(logs[row % images]!)) };
}

/** `x` [images, …] `times` over. */
function tile({ shape, data }: HostTensor, times: number): HostTensor {
  const tiled = new Float32Array(times * data.length);
  for (let t = 0; t < times; t++) tiled.set(data, t * data.length);
  return { shape: [times * shape[0]!, ...shape.slice(1)], data: tiled };
}
