// From what a recipe states, and what a command line puts over it, to a value for every setting of its family.
import { familyOf } from '../families/families.ts';
import type { Recipe } from '../families/family.ts';
import { allowed, parseSetting, type Rule, type SettingValue, unmet } from '../families/rules.ts';
import { COMMON } from '../families/settings.ts';
import { suggestion } from '../io/arguments.ts';

/** A recipe as its file states it, whatever its family. */
export type Stated = { family: string } & Record<string, SettingValue>;

/** The settings of a family, the common ones first. */
export const settingsOf = (recipe: { family: string }): Record<string, Rule> => ({
  ...COMMON,
  ...familyOf(recipe).settings,
});

/**
 * The recipe with `overrides` (texts, as on the command line) put over its own settings, and with the defaults of what
 * neither states. Settings in epochs follow --epochs where it alone is given. `options` are other names that may have
 * been meant.
 * @throws Error naming the setting and the rule, when a setting is unknown, not allowed, or not one of such a recipe.
 */
export function resolveRecipe(
  stated: Stated,
  overrides: Record<string, string>,
  options: readonly string[] = [],
): Recipe {
  const rules = settingsOf(stated);
  const names = Object.keys(rules);
  const given: Record<string, SettingValue> = {};
  for (const [name, text] of Object.entries(overrides)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule)
      throw new Error(
        `--${name} is not a setting of the family ${stated.family}${suggestion(name, [...names, ...options], `its settings are ${names.join(', ')}`)}`,
      );
    const value = parseSetting(rule, text);
    if (value === undefined) throw new Error(`--${name}=${text} is not allowed; give ${allowed(rule)}`);
    given[name] = value;
  }
  const all: Record<string, SettingValue> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const own = given[name] ?? scaled(rule, stated[name], stated, given) ?? rule.default;
    if (own !== undefined) all[name] = own;
  }
  const resolved: Record<string, SettingValue> = { family: stated.family };
  for (const [name, rule] of Object.entries(rules)) {
    const condition = unmet(rule, all);
    if (condition !== undefined) {
      if (name in given) {
        const [setting] = condition.split(' ');
        throw new Error(`--${name} is for ${condition}, got ${setting} ${all[setting!]}`);
      }
      continue;
    }
    if (all[name] === undefined) throw new Error(`the recipe states no ${name}, which has no default`);
    resolved[name] = all[name];
  }
  const recipe = resolved as Recipe;
  familyOf(recipe).check(recipe);
  return recipe;
}

/** A resolved recipe with the defaults of the settings that it lacks, where these are settings of such a recipe. */
export function withDefaults(recipe: Recipe): Recipe {
  const defaults = Object.entries(settingsOf(recipe)).filter(
    ([name, rule]) =>
      !(name in recipe) && rule.default !== undefined && unmet(rule, recipe as Stated) === undefined,
  );
  return { ...recipe, ...Object.fromEntries(defaults.map(([name, rule]) => [name, rule.default])) } as Recipe;
}

/** The value that a recipe states; of a setting in epochs, the same share of the epochs that are asked for. */
function scaled(
  rule: Rule,
  value: SettingValue | undefined,
  stated: Stated,
  given: Record<string, SettingValue>,
): SettingValue | undefined {
  if (!rule.scales || typeof value !== 'number' || given.epochs === undefined) return value;
  return Math.round((value * Number(given.epochs)) / Number(stated.epochs));
}
