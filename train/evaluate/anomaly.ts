// The anomaly terms of many images, by the graphs of a package and the arithmetic of the worker.
import type { AnomalyCard, ModelCard } from '../../models/card.ts';
import { distributionOf } from '../../worker/anomaly/quantiles.ts';
import { type AnomalyTerms, anomalyTerms } from '../../worker/anomaly/terms.ts';
import type { Images } from '../data/data-set.ts';
import type { Inference, Tensors } from '../model.ts';
import type { Backend } from '../runner/backends.ts';
import { compile } from '../runner/compile.ts';

const CHUNK = 500;

type Options = { backend: Backend; threads?: number };

/** The terms of each image; grey levels as they are, whatever the variant the model was trained on. */
export async function scoreImages(
  model: Inference,
  images: Images,
  options: Options,
): Promise<AnomalyTerms[]> {
  const { channels, height, width } = model.image;
  const size = channels * height * width;
  const J = model.latentDimensions;
  const shape = [CHUNK, channels, height, width];
  const compiled = await compile(
    { x: shape },
    ({ x }: Tensors) => {
      const { mean, logVariance } = model.encode({}, {}, x!);
      return { mean, logVariance, pixelMeans: model.decode({}, {}, mean) };
    },
    options,
  );
  const terms: AnomalyTerms[] = [];
  for (let start = 0; start < images.count; start += CHUNK) {
    // The last chunk is filled up with zeros, whose results are dropped.
    const count = Math.min(CHUNK, images.count - start);
    const x = new Float32Array(CHUNK * size);
    for (let i = 0; i < count * size; i++) x[i] = images.pixels[start * size + i]! / 255;
    const { mean, logVariance, pixelMeans } = await compiled.run({ x: { shape, data: x } });
    for (let i = 0; i < count; i++) {
      const [pixels, latents] = [
        [i * size, (i + 1) * size],
        [i * J, (i + 1) * J],
      ] as const;
      const posterior = {
        mean: mean!.data.subarray(...latents),
        logVariance: logVariance!.data.subarray(...latents),
      };
      terms.push(anomalyTerms(x.subarray(...pixels), posterior, pixelMeans!.data.subarray(...pixels)));
    }
  }
  await compiled.release();
  return terms;
}

const ESTIMATOR =
  'score = −log p(x|z) + KL(q(z|x) ‖ N(0, I)) at the mean z of q(z|x), nothing drawn; excess = score − Σ H(xᵢ); pixel means within 2⁻²⁴ of 0 or 1 are moved there';

const VARIANT_WORDS: Record<ModelCard['dataset']['variant'], string> = {
  dynamic: 'grey levels as they are: log p(x|z) is its mean over the binarisations that were trained on',
  static: 'grey levels as they are: log p(x|z) is its mean over binarisations by intensity',
  grey: 'grey levels under a Bernoulli likelihood, as in training: not a likelihood of the data',
};

/** Four digits after the point, in nats. */
const rounded = (value: number): number => Math.round(1e4 * value) / 1e4;

/** What the first images of the training set score, for the card of the package. */
export function anomalyCard(terms: AnomalyTerms[], { variant }: ModelCard['dataset']): AnomalyCard {
  const of = (name: keyof AnomalyTerms) => distributionOf(terms.map((term) => term[name]));
  const quantiles = (name: keyof AnomalyTerms) => of(name).quantiles.map(rounded);
  return {
    estimator: `${ESTIMATOR}; ${VARIANT_WORDS[variant]}`,
    split: `train, first ${terms.length} images`,
    images: terms.length,
    levels: [...of('score').levels],
    quantiles: {
      score: quantiles('score'),
      excess: quantiles('excess'),
      reconstruction: quantiles('reconstruction'),
      kl: quantiles('kl'),
    },
  };
}
