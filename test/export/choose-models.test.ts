// Which models a deployment takes: none whose terms do not allow it, unless it is asked for.
import { expect, test } from 'vitest';
import { chooseModels, describeLeft } from '../../export/choose-models.ts';
import { readCards } from '../../export/publish.ts';
import type { ModelCard } from '../../models/card.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import { useOf } from '../../train/data/uses.ts';

const card = (id: string, version: number, use: ModelCard['dataset']['use']) =>
  ({ id, version, dataset: { use } }) as ModelCard;
const CARDS = [
  card('digits', 1, 'commercial'),
  card('digits', 2, 'commercial'),
  card('faces', 1, 'research'),
  card('frames', 1, 'unknown'),
];
const names = (cards: readonly ModelCard[]) => cards.map(({ id, version }) => `${id}@${version}`).join();

test.each([
  [{ withResearch: false }, 'digits@1,digits@2', 'faces@1,frames@1'],
  [{ withResearch: true }, 'digits@1,digits@2,faces@1,frames@1', ''],
  [{ models: 'digits@2', withResearch: false }, 'digits@2', ''],
  [{ models: 'faces,digits', withResearch: true }, 'digits@1,digits@2,faces@1', ''],
])('%j publishes %s and leaves out %s', (options, kept, left) => {
  const chosen = chooseModels(CARDS, options);
  expect([names(chosen.kept), names(chosen.left)]).toEqual([kept, left]);
});

test.each([
  [
    { models: 'digit', withResearch: false },
    "there is no model 'digit'; there are digits@1, digits@2, faces@1, frames@1",
  ],
  [
    { models: 'digits,faces', withResearch: false },
    'faces@1 (research) may not be for every use; read its terms, and add --with-research to publish it',
  ],
])('%j is refused', (options, message) => {
  expect(() => chooseModels(CARDS, options)).toThrow(message);
});

test('what is left out is said, and a deployment of nothing refused', () => {
  expect(describeLeft(CARDS.slice(2))).toEqual([
    'left out, not for every use: faces@1 (research), frames@1 (unknown); --with-research publishes them',
  ]);
  expect(describeLeft([])).toEqual([]);
  expect(() => chooseModels(CARDS.slice(2), { withResearch: false })).toThrow('no model is for every use');
});

test('every card of this house says what is known of its data set', async () => {
  const cards = await readCards('models');
  for (const { id, dataset } of cards)
    expect([id, dataset]).toEqual([id, expect.objectContaining(useOf(dataset.id))]);
  expect(cards.find(({ id }) => id === 'faces-vae')!.dataset.use).toBe('research');
  expect(cards.find(({ id }) => id === 'frey-vae')!.dataset.use).toBe('unknown');
});

test('an SPDX expression is one', async () => {
  const [one] = await readCards('models');
  const of = (licence: string) =>
    modelCardSchema.safeParse({ ...one, dataset: { ...one!.dataset, licence } }).success;
  expect(['MIT', 'Apache-2.0 AND MIT AND CC-BY-4.0', 'MIT License', ''].map(of)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
