// Which pictures of a folder are for training, validation and test: by a hash of their names, so that a picture stays on
// its side whatever is added beside it.
import { sha256 } from '../files.ts';

export type Part = 'train' | 'validation' | 'test';

/** Shares of all pictures. */
const TEST = 0.1;
const VALIDATION = 0.1;

/** Where a name stands between 0 and 1. */
const placeOf = (name: string): number =>
  Number.parseInt(sha256(new TextEncoder().encode(name)).slice(0, 8), 16) / 2 ** 32;

/** About a tenth for test, another for validation, but no more than `validation` of them; at least one of each. */
export function splitNames(names: readonly string[], validation: number): Part[] {
  const ranked = names
    .map((name, index) => ({ index, place: placeOf(name) }))
    .sort((a, b) => a.place - b.place);
  const below = (share: number) => ranked.filter(({ place }) => place < share).length;
  const tests = Math.max(1, below(TEST));
  const held = Math.min(validation, Math.max(1, below(TEST + VALIDATION) - tests));
  const parts: Part[] = Array(names.length).fill('train');
  ranked.forEach(({ index }, rank) => {
    if (rank < tests + held) parts[index] = rank < tests ? 'test' : 'validation';
  });
  return parts;
}
