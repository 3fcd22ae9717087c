// What a model card must be: its parts, and the rules between them.
import { CAPABILITIES, capabilitiesOf } from './capabilities.ts';
import { isDiscreteVae, isGaussianVae, type ModelCard, noiseSize, takes } from './card.ts';
import { card } from './card-fields.ts';
import { isContinuous, isDiscrete } from './latent.ts';

/** Rules between the parts of a card; each says what is wrong. */
const RULES: readonly (readonly [rule: string, holds: (card: ModelCard) => boolean])[] = [
  ['graphs must hold at least one', ({ graphs }) => Object.keys(graphs).length > 0],
  [
    'capabilities must be those that graphs and sections give',
    ({ capabilities, ...held }) =>
      capabilitiesOf(held).join() ===
      CAPABILITIES.filter((capability) => capabilities.includes(capability)).join(),
  ],
  [
    'a latent and a decoder or encoder need each other',
    ({ latent, graphs: { decoder, encoder } }) =>
      (latent !== undefined) === (decoder !== undefined || encoder !== undefined),
  ],
  [
    'a prior needs a decoder of a discrete latent',
    ({ latent, graphs: { decoder, prior } }) =>
      !prior || (decoder !== undefined && latent !== undefined && isDiscrete(latent)),
  ],
  [
    'directions need a decoder of a continuous latent, and one number for each of its dimensions',
    ({ directions = [], latent, graphs }) =>
      directions.every(
        ({ vector }) =>
          graphs.decoder && latent && isContinuous(latent) && vector.length === latent.dimensions,
      ),
  ],
  [
    'anomaly and compression need decoder, encoder, likelihood and Gaussian or discrete latents',
    (one) =>
      (one.anomaly === undefined && one.compression === undefined) ||
      isGaussianVae(one) ||
      isDiscreteVae(one),
  ],
  [
    'encoded needs decoder, encoder, likelihood and Gaussian latents',
    (one) => one.encoded === undefined || isGaussianVae(one),
  ],
  [
    'compression must have one figure for each Gaussian latent, and none for a discrete one',
    ({ compression, latent }) => {
      if (compression === undefined) return true;
      if (!('centres' in compression)) return latent?.prior !== 'gaussian';
      return [compression.centres, compression.deviations, compression.steps].every(
        ({ length }) => latent?.prior === 'gaussian' && length === latent.dimensions,
      );
    },
  ],
  [
    'encoded must name a file of the package',
    ({ encoded, files }) => encoded === undefined || files.some(({ name }) => name === encoded.file),
  ],
  [
    'a model that takes a label needs labels',
    ({ graphs, labels }) => !takes(graphs.decoder, 'label') || labels !== undefined,
  ],
  [
    'a completer and the section completion need each other',
    ({ graphs, completion }) => (graphs.completer !== undefined) === (completion !== undefined),
  ],
  [
    'a completer must take noise [batch, N], and one of several masks the mask',
    ({ graphs: { completer }, completion }) =>
      completer === undefined ||
      (noiseSize(completer) > 0 && ((completion?.masks.length ?? 1) === 1 || takes(completer, 'mask'))),
  ],
  [
    'a classifier, the section classification and labels need each other',
    ({ graphs, classification, labels }) =>
      (graphs.classifier !== undefined) === (classification !== undefined) &&
      (graphs.classifier === undefined || labels !== undefined),
  ],
];

export const modelCardSchema = card.superRefine((one, context) => {
  for (const [rule, holds] of RULES) if (!holds(one)) context.addIssue({ code: 'custom', message: rule });
});
