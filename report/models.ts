// The models that ship as a table, from their cards.
import type { Quantity } from '../figures/numbers.ts';
import { type Column, type Table, tableOf } from '../figures/table.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import { latentSize } from '../models/latent.ts';
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

/** What a model is told of an image, which makes it likelier. */
const givenOf = (card: ModelCard): string[] => [
  ...(classesOf(card) ? ['given the label'] : []),
  ...(card.graphs.completer ? ['the lower half given the upper'] : []),
];

function measuredOn(card: ModelCard): string | undefined {
  const nll = nllOf(card);
  const frechet = card.metrics.find(({ name }) => name === 'frechet');
  const drawn = frechet && `${/; (\d+) images/.exec(frechet.protocol)?.[1]} generated`;
  const samples = nll && `${/(?:with|over) (\d+) /.exec(nll.protocol)?.[1]} samples each`;
  const split = (nll ?? frechet)?.split;
  return split && [split, samples, drawn].filter((words) => words !== undefined).join(', ');
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
  { name: 'latents', kind: 'number', of: ({ latent }) => latent && latentSize(latent) },
  { name: 'NLL ≤', kind: 'number', decimals: 2, of: (card) => figure(card, nllOf(card)?.name) },
  { name: '−ELBO', kind: 'number', decimals: 2, of: (card) => figure(card, 'elbo', -1) },
  { name: 'Fréchet distance', kind: 'number', decimals: 2, of: (card) => figure(card, 'frechet') },
  { name: 'measured on', kind: 'text', of: measuredOn },
  { name: 'decoder', unit: 'kB', kind: 'number', decimals: 0, of: (card) => kilobytes(card, 'decoder') },
  { name: 'encoder', unit: 'kB', kind: 'number', decimals: 0, of: (card) => kilobytes(card, 'encoder') },
];

export const modelsTable = (cards: readonly ModelCard[], root = ''): Table => tableOf(cards, columns(root));
