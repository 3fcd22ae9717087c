// Reads the cards of packages from their folders.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard } from '../../models/card.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import { readJson } from '../io/files.ts';

/** The card of a package. @throws Error naming the file and the rule, when it is not valid. */
export function readCard(folder: string): ModelCard {
  const path = join(folder, 'model.json');
  const parsed = modelCardSchema.safeParse(readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${path}: ${issue!.path.join('.')}: ${issue!.message}`);
}

/** The cards of all packages in `root`; none where it is not there. @throws as `readCard` */
export const cardsIn = (root: string): ModelCard[] =>
  (existsSync(root) ? readdirSync(root) : [])
    .filter((name) => name.includes('@'))
    .map((name) => readCard(join(root, name)));
