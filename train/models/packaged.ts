// A model package as the model that its graphs compute: what ships is evaluated, not what it was made from.
import type { ModelCard } from '../../models/card.ts';
import { decodeModel, type Graph } from '../../onnx/model.ts';
import { inlineGraph } from '../../onnx/trace/inline.ts';
import { bernoulliLogDensity } from '../likelihoods.ts';
import type { Inference } from '../model.ts';

/** The value whose sigmoid is `mean`: probabilities near 0 or 1 have lost what their logits still say. */
function logitsOf(graph: Graph): string {
  const node = graph.nodes.find(({ outputs }) => outputs.includes('mean'));
  if (node?.op !== 'Sigmoid')
    throw new Error(`packaged: 'mean' of ${graph.name} must come from a Sigmoid, got ${node?.op}`);
  return node.inputs[0]!;
}

/**
 * The posterior and the likelihood of a package, for compiled backends; it takes no parameters.
 * @throws Error when its likelihood is not Bernoulli, because a decoder says no more of a pixel than its mean.
 */
export function packagedModel(
  { id, version, image, latent, likelihood }: ModelCard,
  files: { decoder: Uint8Array; encoder: Uint8Array },
): Inference {
  if (likelihood !== 'bernoulli')
    throw new Error(
      `packaged: ${id}@${version} has a ${likelihood} likelihood, of which its files hold the mean alone; evaluate the run it was exported from`,
    );
  const decoder = decodeModel(files.decoder).graph;
  const encoder = decodeModel(files.encoder).graph;
  const logits = logitsOf(decoder);
  const pixels = (batch: number) => [batch, image.channels, image.height, image.width];
  const latents = (batch: number) => [batch, latent.dimensions];
  return {
    image,
    latentDimensions: latent.dimensions,
    likelihood,
    encode(_params, _state, x) {
      const shape = latents(x.shape[0]!);
      const q = inlineGraph(encoder, { x }, { mean: shape, log_variance: shape });
      return { mean: q.mean!, logVariance: q.log_variance! };
    },
    decode: (_params, _state, z) => inlineGraph(decoder, { z }, { mean: pixels(z.shape[0]!) }).mean!,
    logLikelihood: (_params, _state, x, z) =>
      bernoulliLogDensity(x, inlineGraph(decoder, { z }, { [logits]: pixels(z.shape[0]!) })[logits]!),
  };
}
