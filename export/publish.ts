// Puts model packages where the worker reads them: dist/models/, with one index of all cards.
import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../models/card.ts';
import { readCard } from '../train/evaluate/read-card.ts';

/** Cards of every package in `folder`, by id and version. @throws Error naming the card that is not valid. */
export async function readCards(folder: string): Promise<ModelCard[]> {
  const cards: ModelCard[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !entry.name.includes('@')) continue;
    const path = join(folder, entry.name);
    const card = readCard(path);
    if (`${card.id}@${card.version}` !== entry.name)
      throw new Error(`${path}/model.json: describes ${card.id}@${card.version}, not ${entry.name}`);
    cards.push(card);
  }
  return cards.sort((a, b) => a.id.localeCompare(b.id, 'en') || a.version - b.version);
}

/** @throws Error naming two models whose codes could not be told apart. */
function requireOwnTags(cards: readonly ModelCard[]): void {
  const owners = new Map<string, string>();
  for (const { id, version, compression } of cards) {
    if (!compression) continue;
    const [name, { tag }] = [`${id}@${version}`, compression];
    const other = owners.get(tag);
    if (other)
      throw new Error(`${name} and ${other} have the same tag ${tag}, which must be one model's alone`);
    owners.set(tag, name);
  }
}

/**
 * Copies the packages of `from` that `choose` leaves, all of them otherwise, into `to` and writes index.json, the array
 * of their cards, last.
 */
export async function publishModels(
  from: string,
  to: string,
  choose: (cards: ModelCard[]) => ModelCard[] = (cards) => cards,
): Promise<ModelCard[]> {
  const cards = choose(await readCards(from));
  requireOwnTags(cards);
  await mkdir(to, { recursive: true });
  for (const { id, version } of cards) {
    const name = `${id}@${version}`;
    await rm(join(to, name), { recursive: true, force: true });
    await cp(join(from, name), join(to, name), { recursive: true });
  }
  await writeFile(join(to, 'index.json.tmp'), JSON.stringify(cards));
  await rename(join(to, 'index.json.tmp'), join(to, 'index.json'));
  return cards;
}
