// Appendix F of Auto-Encoding Variational Bayes: a posterior over the decoder's parameters as well, with few images,
// where being unsure of parameters could matter. The paper derives it and reports no experiment.
import type { Weights } from '../../model.ts';
import { group } from '../../runner/names.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { describeCandidates, describeChoice, describeData, outcomeOf, SEED, trainPanel } from './panels.ts';

/** Those of Figure 3, whose AEVB with MAP stands beside it. */
const LATENTS = 3;
const HIDDEN = 100;
const COUNT = 1000;
/** 10⁵ to 10⁶ samples, two points a decade, as in Figure 3. */
const POINTS = [100_000, 316_200, 1_000_000];

/** KL(q(θ) ‖ N(0, I)), nats. */
function parameterKl({ params }: Weights): number {
  const [means, logVariances] = [group(params, 'mean'), group(params, 'log-variance')];
  let kl = 0;
  for (const [name, { data }] of Object.entries(means))
    for (const [i, mean] of data.entries()) {
      const logVariance = logVariances[name]!.data[i]!;
      kl += 0.5 * (mean ** 2 + Math.exp(logVariance) - 1 - logVariance);
    }
  return kl;
}

async function cell(context: Context): Promise<CellResult> {
  const run = await trainPanel(
    {
      panel: 'mnist',
      latentDimensions: LATENTS,
      method: 'full-variational',
      hidden: HIDDEN,
      trainCount: COUNT,
      at: POINTS,
    },
    context,
  );
  const outcome = outcomeOf(run);
  return {
    ...outcome,
    values: {
      ...outcome.values,
      'parameter KL': { value: parameterKl(run.weights) },
    },
    unit: 'nats per image, lower bound on log p(x) at the mean of q(θ); parameter KL: nats in all',
    protocol:
      `full variational Bayes (Eq. 24): q(θ) = N(μ, diag σ²) for the decoder under the prior N(0, I), its KL term divided by ` +
      `the ${COUNT} images, σ = 0.01 at the start, one draw of θ for each batch; one hidden layer of ${HIDDEN} tanh units on ` +
      `either side, Bernoulli decoder, Adagrad on batches of 100 drawn with replacement, L = 1; ` +
      `${describeChoice('the training bound')}; bounds by estimator B with one posterior sample an image on all ` +
      `training and all ${run.dataset.test.count} test images`,
    settings: {
      method: 'full-variational',
      latent: LATENTS,
      hidden: HIDDEN,
      trainImages: COUNT,
      ...describeCandidates(run),
      batchSize: 100,
    },
    seed: SEED,
    data: describeData(run.dataset, 'bernoulli', COUNT),
  };
}

/** Training samples of a finished cell. */
export const samples = POINTS.at(-1)!;

export const cells: Program['cells'] = { [`n${COUNT}-full-variational`]: cell };
