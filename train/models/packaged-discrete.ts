// A package of discrete latents as a density: the bound of what ships follows from its graphs.
import { add, reshape, sub, sum, zeros } from '@tensorflow/tfjs-core';
import type { DiscreteVaeCard } from '../../models/card.ts';
import { latentSize } from '../../models/latent.ts';
import type { Graph } from '../../onnx/model.ts';
import { inlineGraph } from '../../onnx/trace/inline.ts';
import { distributionOf } from '../latents/discrete.ts';
import { shapeOf } from '../latents/layer.ts';
import { layerOf } from '../latents/spec.ts';
import type { DiscreteInference } from '../model.ts';
import { pixelDensity } from './packaged-pixels.ts';

/** For compiled backends. `graphs` are decoder, encoder and, where it is learned, prior. */
export function packagedDiscrete(card: DiscreteVaeCard, graphs: Record<string, Graph>): DiscreteInference {
  const { image, latent, likelihood } = card;
  const layer = layerOf(latent);
  const distribution = distributionOf(layer);
  const density = pixelDensity(card, likelihood, graphs.decoder!);
  const shape = shapeOf(layer);
  return {
    image,
    likelihood,
    layers: [layer],
    logits: (_, x) => {
      const wanted = { logits: [x.shape[0]!, ...shape] };
      return inlineGraph(graphs.encoder!, { x }, wanted).logits!;
    },
    logWeight(_, x, { values: [z], logits: [q] }) {
      const rows = x.shape[0]!;
      const codes = reshape(z!, [rows, latentSize(latent)]);
      const pixels = Object.fromEntries(
        density.needs.map((name) => [name, [rows, image.channels, image.height, image.width]]),
      );
      const p = graphs.prior
        ? inlineGraph(graphs.prior, { codes }, { logits: [rows, ...shape] }).logits!
        : zeros(shape);
      const logRatio = sub(distribution.logMass(z!, p), distribution.logMass(z!, q!));
      return add(density.of(x, inlineGraph(graphs.decoder!, { z: codes }, pixels)), sum(logRatio, -1));
    },
  };
}
