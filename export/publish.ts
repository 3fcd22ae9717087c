// Puts model packages where the worker reads them: dist/models/, with one index of all cards.
import { existsSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelCard } from '../models/card.ts';
import { OWN } from '../models/folders.ts';
import { modelList } from '../models/list.ts';
import { nameOf } from '../models/model-id.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { writeAtomically } from '../train/io/files.ts';

const inOrder = (cards: readonly ModelCard[]): ModelCard[] =>
  cards.toSorted((a, b) => a.id.localeCompare(b.id, 'en') || a.version - b.version);

/** The card of a package whose files are there. @throws Error naming file and rule, where it is none, or one is not. */
function readWhole(path: string): ModelCard {
  const card = readCard(path);
  if (nameOf(card) !== basename(path))
    throw new Error(`${path}/model.json: describes ${nameOf(card)}, not ${basename(path)}`);
  for (const { name, bytes } of card.files) {
    const found = statSync(join(path, name), { throwIfNoEntry: false });
    if (!found?.isFile()) throw new Error(`${join(path, name)}: is not there`);
    if (found.size !== bytes)
      throw new Error(`${join(path, name)}: has ${found.size} bytes, its card says ${bytes}`);
  }
  return card;
}

/**
 * Cards of every package in `folder`, by id and version; `leftOut` is told of those that cannot be served.
 * @throws Error naming the first of them, where nobody is to be told
 */
export async function readCards(folder: string, leftOut?: (why: string) => void): Promise<ModelCard[]> {
  const cards: ModelCard[] = [];
  // What a killed export has left begins with a dot.
  for (const name of (await readdir(folder)).filter((one) => /^[^.].*@/.test(one))) {
    const path = join(folder, name);
    // What stands beside the packages is none; a link that leads nowhere is a package that is not there.
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    try {
      cards.push(readWhole(path));
    } catch (error) {
      if (!leftOut) throw error;
      leftOut(error instanceof Error ? error.message : String(error));
    }
  }
  return inOrder(cards);
}

const leaveOut = (why: string): void => console.warn(`left out: ${why}`);

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
 * index.json, the array of their cards, last. An own package that cannot be served is left out with a word.
 * @throws Error naming any other card that is not valid, or two models that could not be told apart.
 */
export async function publishModels(
  from: string | readonly string[],
  to: string,
  choose: (cards: ModelCard[]) => ModelCard[] = (cards) => cards,
): Promise<ModelCard[]> {
  const folders = new Map<ModelCard, string>();
  for (const folder of [from].flat().filter((one) => existsSync(one)))
    for (const card of await readCards(folder, folder === OWN ? leaveOut : undefined))
      folders.set(card, join(folder, nameOf(card)));
  requireOwnNames([...folders.values()]);
  const cards = choose(inOrder([...folders.keys()]));
  requireOwnTags(cards);
  await mkdir(to, { recursive: true });
  for (const card of cards) {
    const place = join(to, nameOf(card));
    await rm(place, { recursive: true, force: true });
    await cp(folders.get(card)!, place, { recursive: true, dereference: true });
  }
  writeAtomically(join(to, 'index.json'), modelList(cards));
  return cards;
}
