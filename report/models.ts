// The models that ship as a table, from their cards.
import type { Quantity } from '../figures/numbers.ts';
import { type Column, type Table, tableOf } from '../figures/table.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import { latentSize } from '../models/latent.ts';

const nameOf = ({ id, version }: ModelCard): string => `${id}@${version}`;

function figure({ metrics }: ModelCard, wanted: string, sign: 1 | -1 = 1): Quantity | undefined {
  const found = metrics.find(({ name }) => name === wanted);
  if (!found) return undefined;
  const { value, standardError } = found;
  return { value: sign * value, ...(standardError === undefined ? {} : { standardError }) };
}

function measuredOn({ metrics }: ModelCard): string | undefined {
  const nll = metrics.find(({ name }) => name === 'nll');
  if (nll) return `${nll.split}, ${/with (\d+) /.exec(nll.protocol)?.[1]} samples each`;
  const frechet = metrics.find(({ name }) => name === 'frechet');
  return frechet && `${frechet.split}, ${/; (\d+) images/.exec(frechet.protocol)?.[1]} generated`;
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
    // Given its label an image is a few nats more likely.
    of: (card) =>
      `${card.dataset.title}, ${card.dataset.variant}${classesOf(card) ? ', given the label' : ''}`,
  },
  { name: 'latents', kind: 'number', of: ({ latent }) => latent && latentSize(latent) },
  { name: 'NLL ≤', kind: 'number', decimals: 2, of: (card) => figure(card, 'nll') },
  { name: '−ELBO', kind: 'number', decimals: 2, of: (card) => figure(card, 'elbo', -1) },
  { name: 'Fréchet distance', kind: 'number', decimals: 2, of: (card) => figure(card, 'frechet') },
  { name: 'measured on', kind: 'text', of: measuredOn },
  { name: 'decoder', unit: 'kB', kind: 'number', decimals: 0, of: (card) => kilobytes(card, 'decoder') },
  { name: 'encoder', unit: 'kB', kind: 'number', decimals: 0, of: (card) => kilobytes(card, 'encoder') },
];

export const modelsTable = (cards: readonly ModelCard[], root = ''): Table => tableOf(cards, columns(root));
