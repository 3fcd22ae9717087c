// Reads the card of a package from its folder.
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
