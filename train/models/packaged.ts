// A model package as the model that its graphs compute: what ships is evaluated, not what it was made from.
import type { Tensor } from '@tensorflow/tfjs-core';
import { classesOf, type ModelCard } from '../../models/card.ts';
import { decodeModel, type Graph } from '../../onnx/model.ts';
import { inlineGraph } from '../../onnx/trace/inline.ts';
import { bernoulliLogDensity } from '../likelihoods.ts';
import type { Inference, Tensors } from '../model.ts';

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
  card: ModelCard,
  files: { decoder: Uint8Array; encoder: Uint8Array },
): Inference {
  const { id, version, image, latent, likelihood } = card;
  if (likelihood !== 'bernoulli')
    throw new Error(
      `packaged: ${id}@${version} has a ${likelihood} likelihood, of which its files hold the mean alone; evaluate the run it was exported from`,
    );
  const decoder = decodeModel(files.decoder).graph;
  const encoder = decodeModel(files.encoder).graph;
  const logits = logitsOf(decoder);
  const pixels = (batch: number) => [batch, image.channels, image.height, image.width];
  const latents = (batch: number) => [batch, latent.dimensions];
  const classes = classesOf(card);
  const given = (label: Tensor | undefined): Tensors => (label ? { label } : {});
  return {
    image,
    ...(classes ? { classes: classes.length } : {}),
    latentDimensions: latent.dimensions,
    likelihood,
    encode(_params, _state, x, label) {
      const shape = latents(x.shape[0]!);
      const q = inlineGraph(encoder, { x, ...given(label) }, { mean: shape, log_variance: shape });
      return { mean: q.mean!, logVariance: q.log_variance! };
    },
    decode: (_params, _state, z, label) =>
      inlineGraph(decoder, { z, ...given(label) }, { mean: pixels(z.shape[0]!) }).mean!,
    logLikelihood(_params, _state, x, z, label) {
      const values = inlineGraph(decoder, { z, ...given(label) }, { [logits]: pixels(z.shape[0]!) });
      return bernoulliLogDensity(x, values[logits]!);
    },
  };
}
