// `npm run train -- --list`: the recipes with what they state, then what may be stated, in lines that fit a terminal.
import { FAMILIES } from './families/families.ts';
import { allowed, type Settings } from './families/rules.ts';
import { COMMON } from './families/settings.ts';
import { RECIPES } from './recipes/recipes.ts';

/** Columns of a terminal. */
export const WIDTH = 100;

/** Words in lines of at most `WIDTH` columns, `indent` before each. */
function wrap(words: readonly string[], indent: string): string {
  const lines = [indent];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line.length + word.length > WIDTH && line !== indent) lines.push(`${indent}${word} `);
    else lines[lines.length - 1] = `${line}${word} `;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

const describeSettings = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, rule]) => [
    `  ${name}`,
    wrap(rule.help.split(' '), '      '),
    wrap(`(${allowed(rule)})`.split(' '), '      '),
  ]);

/** Settings of every recipe first, then those of each family. */
export const list = (): string =>
  [
    ...Object.entries(RECIPES).flatMap(([name, { family, ...stated }]) => [
      `${name} (${family})`,
      wrap(
        Object.entries(stated).map(([key, value]) => `${key}=${value}`),
        '  ',
      ),
    ]),
    '\nSettings of every recipe (--name=value overrides):',
    ...describeSettings(COMMON),
    ...Object.values(FAMILIES).flatMap(({ name, settings }) => [
      `\nSettings of the family ${name}:`,
      ...describeSettings(settings),
    ]),
  ].join('\n');
