// The models that ship as a table, from their cards.
import type { Quantity } from '../figures/numbers.ts';
import { type Column, type Table, tableOf } from '../figures/table.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import type { LatentSpec } from '../models/latent.ts';
import { nameOf } from '../models/model-id.ts';

function figure({ metrics }: ModelCard, wanted: string | undefined, sign: 1 | -1 = 1): Quantity | undefined {
  const found = metrics.find(({ name }) => name === wanted);
  if (!found) return undefined;
  const { value, standardError } = found;
  return { value: sign * value, ...(standardError === undefined ? {} : { standardError }) };
}

/** Of an image, or of the part that a model completes. */
const nllOf = ({ metrics }: ModelCard) =>
  metrics.find(({ name }) => name === 'nll' || name === 'conditional-nll');

/** Greys of an image in colour are colours. */
const variantOf = ({ dataset, image }: ModelCard): string =>
  dataset.variant === 'grey' && image.channels === 3 ? 'colour' : dataset.variant;

/** Numbers of a code; of symbols, how many and of how many kinds. */
const sizeOf = (spec: LatentSpec): string =>
  spec.prior === 'categorical' ? `${spec.variables} × ${spec.classes}` : `${spec.dimensions}`;

/** What a model is told of an image, which makes it likelier. */
const givenOf = (card: ModelCard): string[] => [
  ...(classesOf(card) ? ['given the label'] : []),
  ...(card.graphs.completer ? ['the lower half given the upper'] : []),
];

/** Of each figure, how many images of the split; `test: NLL of 20 images, 5000 samples each; ELBO of 10000`. */
function measuredOn(card: ModelCard): string | undefined {
  const nll = nllOf(card);
  const elbo = card.metrics.find(({ name }) => name === 'elbo');
  const frechet = card.metrics.find(({ name }) => name === 'frechet');
  const [split] = (nll ?? frechet)?.split.split(', ') ?? [];
  const countOf = (metric: typeof nll) => /(\d+) images/.exec(metric?.split ?? '')?.[1];
  const words = [
    nll && `NLL of ${countOf(nll)} images, ${/(?:with|over) (\d+) /.exec(nll.protocol)?.[1]} samples each`,
    elbo && countOf(elbo) !== countOf(nll) && `ELBO of ${countOf(elbo)}`,
    frechet && `distance of ${/; (\d+) images/.exec(frechet.protocol)?.[1]} generated to ${countOf(frechet)}`,
  ].filter(Boolean);
  return split && `${split}: ${words.join('; ')}`;
}

const kilobytes = ({ files, graphs }: ModelCard, graph: 'decoder' | 'encoder'): number | undefined => {
  const bytes = files.find(({ name }) => name === graphs[graph]?.file)?.bytes;
  return bytes === undefined ? undefined : bytes / 1000;
};

/** `root`: where the folder of models is, seen from the page. */
const columns = (root: string): Column<ModelCard>[] => [
  {
    name: 'model',
    kind: 'text',
    of: (card) => `[\`${nameOf(card)}\`](${root}models/${nameOf(card)}/model.json)`,
  },
  {
    name: 'data',
    kind: 'text',
    of: (card) => [card.dataset.title, variantOf(card), ...givenOf(card)].join(', '),
  },
  { name: 'latents', kind: 'text', of: ({ latent }) => latent && sizeOf(latent) },
  { name: 'NLL ≤', kind: 'number', decimals: 2, of: (card) => figure(card, nllOf(card)?.name) },
  { name: '−ELBO', kind: 'number', decimals: 2, of: (card) => figure(card, 'elbo', -1) },
  { name: 'Fréchet distance', kind: 'number', decimals: 2, of: (card) => figure(card, 'frechet') },
  { name: 'measured on', kind: 'text', of: measuredOn },
  { name: 'decoder', unit: 'kB', kind: 'number', decimals: 0, of: (card) => kilobytes(card, 'decoder') },
  { name: 'encoder', unit: 'kB', kind: 'number', decimals: 0, of: (card) => kilobytes(card, 'encoder') },
];

export const modelsTable = (cards: readonly ModelCard[], root = ''): Table => tableOf(cards, columns(root));
