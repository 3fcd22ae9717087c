// log p(x|z) of the decoder of a package, from its file.
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelCard } from '../../models/card.ts';
import type { Graph } from '../../onnx/model.ts';
import { bernoulliLogDensity, continuousBernoulliLogDensity, gaussianLogDensity } from '../likelihoods.ts';
import type { Likelihood, Tensors } from '../model.ts';

/** The value whose sigmoid is `mean`: probabilities near 0 or 1 have lost what their logits still say. */
function logitsOf(graph: Graph): string {
  const node = graph.nodes.find(({ outputs }) => outputs.includes('mean'));
  if (node?.op !== 'Sigmoid')
    throw new Error(`packaged: 'mean' of ${graph.name} must come from a Sigmoid, got ${node?.op}`);
  return node.inputs[0]!;
}

export type PixelDensity = {
  /** Values of the decoder from which log p(x|z) follows, each shaped like `x`. */
  needs: string[];
  /** log p(x|z), [batch]. */
  of(x: Tensor, values: Tensors): Tensor;
};

const PIXEL_DENSITIES: Record<Likelihood, (decoder: Graph) => PixelDensity> = {
  bernoulli(decoder) {
    const logits = logitsOf(decoder);
    return { needs: [logits], of: (x, values) => bernoulliLogDensity(x, values[logits]!) };
  },
  'continuous-bernoulli': () => ({
    needs: ['logits'],
    of: (x, { logits }) => continuousBernoulliLogDensity(x, logits!),
  }),
  gaussian: () => ({
    needs: ['mean', 'log_variance'],
    of: (x, { mean, log_variance }) => gaussianLogDensity(x, mean!, log_variance!),
  }),
};

/** @throws Error naming the output, when the decoder was exported without what the likelihood needs. */
export function pixelDensity(
  { id, version }: ModelCard,
  likelihood: Likelihood,
  decoder: Graph,
): PixelDensity {
  const density = PIXEL_DENSITIES[likelihood](decoder);
  if (likelihood === 'bernoulli') return density;
  const missing = density.needs.find((name) => !decoder.outputs.some((output) => output.name === name));
  if (missing)
    throw new Error(
      `packaged: ${id}@${version} has a ${likelihood} likelihood, but its decoder no output '${missing}'; export the run again`,
    );
  return density;
}
