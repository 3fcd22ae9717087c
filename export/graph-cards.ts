// What the card of a model says of its graphs: names, shapes and meanings of what goes in and comes out.
import type { ModelCard, TensorCard } from '../models/card.ts';
import type { Likelihood, Vae } from '../train/model.ts';
import type { GraphFile } from './graphs.ts';

/** What a decoder says of p(x|z) besides the mean. */
const PIXEL_PARAMETERS: Record<Likelihood, { name: string; meaning: string }[]> = {
  bernoulli: [],
  gaussian: [
    { name: 'log_variance', meaning: 'log-variances of p(x|z), NCHW; pictures need the mean alone' },
  ],
  'continuous-bernoulli': [
    { name: 'logits', meaning: 'logits of p(x|z), NCHW; pictures need the mean alone' },
  ],
};

export function graphCards(
  model: Vae,
  { decoder, encoder }: { decoder: GraphFile; encoder: GraphFile },
): ModelCard['graphs'] {
  const { channels, height, width } = model.image;
  const tensor = (
    name: string,
    shape: number[],
    meaning: string,
    range?: TensorCard['range'],
  ): TensorCard => ({
    name,
    dtype: 'float32',
    shape: ['batch', ...shape],
    ...(range ? { range } : {}),
    meaning,
  });
  const ofImage = [channels, height, width];
  const ofLatent = [model.latentDimensions];
  const label = model.classes
    ? [tensor('label', [model.classes], 'class, one-hot, in the order of labels', [0, 1])]
    : [];
  const epsilon = model.terms
    ? [
        tensor(
          'epsilon',
          ofLatent,
          'standard normal noise of the way through the groups; zeros follow the means',
        ),
      ]
    : [];
  const met = model.terms ? ', where z = mean + exp(log_variance / 2) · epsilon' : '';
  const graph = (file: string, of: GraphFile, inputs: TensorCard[], outputs: TensorCard[]) => ({
    file,
    inputs,
    outputs,
    parameters: of.parameters,
    flopsPerImage: of.operations,
  });
  return {
    decoder: graph(
      'decoder.onnx',
      decoder,
      [tensor('z', ofLatent, 'latent vectors; the prior is N(0, I)'), ...label],
      [
        tensor('mean', ofImage, 'pixel means of p(x|z), NCHW', [0, 1]),
        ...PIXEL_PARAMETERS[model.likelihood].map(({ name, meaning }) => tensor(name, ofImage, meaning)),
      ],
    ),
    encoder: graph(
      'encoder.onnx',
      encoder,
      [tensor('x', ofImage, 'images, NCHW', [0, 1]), ...label, ...epsilon],
      [
        tensor('mean', ofLatent, `means of q(z|x)${met}`),
        tensor('log_variance', ofLatent, `log-variances of q(z|x)${met}`),
      ],
    ),
  };
}
