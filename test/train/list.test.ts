// What `npm run train -- --list` prints.
import { expect, test } from 'vitest';
import { list } from '../../train/list.ts';
import { RECIPES } from '../../train/recipes/recipes.ts';

test('names every recipe, in lines that fit a terminal of 100 columns', () => {
  const lines = list().split('\n');
  for (const name of Object.keys(RECIPES))
    expect(
      lines.some((line) => line.startsWith(`${name} (`)),
      name,
    ).toBe(true);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});
