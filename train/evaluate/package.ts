// Opens a shipped package for its evaluation: card and graphs, each file checked against the card first.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DiscreteVaeCard,
  type GaussianVaeCard,
  type GraphName,
  isDiscreteVae,
  isGaussianVae,
  type ModelCard,
} from '../../models/card.ts';
import { FOLDERS } from '../../models/folders.ts';
import type { Variant } from '../data/batches.ts';
import type { loadFor } from '../data/registry.ts';
import { packagedModel } from '../models/packaged.ts';
import type { Weighed } from './for-images.ts';
import { readCard } from './read-card.ts';
import { densityOf, type Subject } from './subject.ts';

/** What a card says of the data of its model, for `loadFor`. */
export const dataSettings = ({ dataset, training: { settings } }: ModelCard) =>
  ({ ...settings, dataset: dataset.id, validation: Number(settings.validation ?? 1) }) as Parameters<
    typeof loadFor
  >[0];

/** The folder of `id@version`, or of the newest version of `id`, in any of `roots`; nothing when there is none. */
export function findPackage(reference: string, roots = FOLDERS): string | undefined {
  const found = roots.flatMap((root) =>
    (existsSync(root) ? readdirSync(root) : []).flatMap((name) => {
      const [id, version] = name.split('@');
      const fits = version !== undefined && (name === reference || id === reference);
      return fits ? [{ folder: join(root, name), version: Number(version) }] : [];
    }),
  );
  return found.toSorted((a, b) => b.version - a.version)[0]?.folder;
}

/** A file of a package. @throws Error when it is not the one that the card describes. */
export function readListed(folder: string, { files }: Pick<ModelCard, 'files'>, name: string): Uint8Array {
  const bytes = readFileSync(join(folder, name));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (files.find((file) => file.name === name)?.sha256 !== sha256)
    throw new Error(`${join(folder, name)}: SHA-256 ${sha256} is not the one on the card: damaged package`);
  return bytes;
}

/**
 * `without`: graphs that are left out, as if the package had none; without `prior`, codes are uniform.
 * @throws Error naming the file and the rule, when the card is not valid or a file is not the one it describes.
 */
export function openPackage(
  folder: string,
  without: readonly GraphName[] = [],
): { card: ModelCard; subject: Subject } {
  const card = readCard(folder);
  const files = Object.fromEntries(
    Object.entries(card.graphs).map(([name, { file }]) => [name, readListed(folder, card, file)]),
  );
  const kept = Object.entries(card.graphs).filter(([name]) => !without.includes(name as GraphName));
  return {
    card,
    subject: {
      model: packagedModel({ ...card, graphs: Object.fromEntries(kept) }, files),
      params: {},
      state: {},
      settings: { seed: card.training.seed ?? 0, variant: card.dataset.variant satisfies Variant },
      measures: [],
    },
  };
}

/** A package of discrete latents with an encoder. @throws Error for any other. */
export function openCodes(folder: string): { card: DiscreteVaeCard; subject: Subject } {
  const { card, subject } = openPackage(folder);
  if (!isDiscreteVae(card))
    throw new Error(`${folder}: codes of symbols need decoder, encoder, likelihood and discrete latents`);
  return { card, subject };
}

/** A package that has a bound. @throws Error for any other. */
export const openBound = (
  folder: string,
): { card: GaussianVaeCard | DiscreteVaeCard; subject: Weighed | Subject } =>
  isDiscreteVae(readCard(folder)) ? openCodes(folder) : openDensity(folder);

/** A package of Gaussian latents with an encoder, as what bounds and codes are made of. @throws Error for any other. */
export function openDensity(folder: string): { card: GaussianVaeCard; subject: Weighed } {
  const { card, subject } = openPackage(folder);
  const weighed = densityOf(subject);
  if (!weighed || !isGaussianVae(card))
    throw new Error(`${folder}: a bound needs decoder, encoder, likelihood and Gaussian latents`);
  return { card, subject: weighed };
}
