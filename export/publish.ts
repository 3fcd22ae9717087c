// Puts model packages where the worker reads them: dist/models/, with one index of all cards.
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelCard } from '../models/card.ts';
import { listOf } from '../models/list.ts';
import { nameOf } from '../models/model-id.ts';
import { readCard } from '../train/evaluate/read-card.ts';

const inOrder = (cards: readonly ModelCard[]): ModelCard[] =>
  cards.toSorted((a, b) => a.id.localeCompare(b.id, 'en') || a.version - b.version);

/** Cards of every package in `folder`, by id and version. @throws Error naming the card that is not valid. */
export async function readCards(folder: string): Promise<ModelCard[]> {
  const cards: ModelCard[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.includes('@')) continue;
    const path = join(folder, entry.name);
    const card = readCard(path);
    if (nameOf(card) !== entry.name)
      throw new Error(`${path}/model.json: describes ${nameOf(card)}, not ${entry.name}`);
    cards.push(card);
  }
  return inOrder(cards);
}

/** @throws Error naming two models whose codes could not be told apart. */
function requireOwnTags(cards: readonly ModelCard[]): void {
  const owners = new Map<string, string>();
  for (const card of cards) {
    if (!card.compression) continue;
    const [name, { tag }] = [nameOf(card), card.compression];
    const other = owners.get(tag);
    if (other)
      throw new Error(`${name} and ${other} have the same tag ${tag}, which must be one model's alone`);
    owners.set(tag, name);
  }
}

/** @throws Error naming two packages of one name. */
function requireOwnNames(folders: readonly string[]): void {
  const owners = new Map<string, string>();
  for (const folder of folders) {
    const name = basename(folder);
    const other = owners.get(name);
    if (other)
      throw new Error(`${other} and ${folder} are both ${name}; remove one, or export it by another --id`);
    owners.set(name, folder);
  }
}

/**
 * Copies the packages of the folders `from` that `choose` leaves, all of them otherwise, into `to`, and writes
 * index.json, the array of their cards, last.
 * @throws Error naming a card that is not valid, or two models that could not be told apart.
 */
export async function publishModels(
  from: string | readonly string[],
  to: string,
  choose: (cards: ModelCard[]) => ModelCard[] = (cards) => cards,
): Promise<ModelCard[]> {
  const folders = new Map<ModelCard, string>();
  for (const folder of [from].flat().filter((one) => existsSync(one)))
    for (const card of await readCards(folder)) folders.set(card, join(folder, nameOf(card)));
  requireOwnNames([...folders.values()]);
  const cards = choose(inOrder([...folders.keys()]));
  requireOwnTags(cards);
  await mkdir(to, { recursive: true });
  for (const card of cards) {
    const place = join(to, nameOf(card));
    await rm(place, { recursive: true, force: true });
    await cp(folders.get(card)!, place, { recursive: true });
  }
  await writeFile(join(to, 'index.json.tmp'), listOf(cards));
  await rename(join(to, 'index.json.tmp'), join(to, 'index.json'));
  return cards;
}
