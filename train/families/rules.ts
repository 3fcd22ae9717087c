// What a setting of a recipe may be: its kind, its range, what it means, and for which recipes it is there at all.

type Common = {
  /** What it means, and how to choose it. */
  help: string;
  /** The setting is there only where another one has one of these values, `*` for any end: `{ network: ['conv'] }`. */
  only?: Record<string, readonly SettingValue[]>;
  /** In epochs: a run that is told to be longer or shorter than its recipe says scales it alike. */
  scales?: true;
};

type Choice = Common & {
  kind: 'choice';
  options: readonly string[];
  /** Besides: words that begin with this one, with what `stem` says of the rest. */
  stem?: { begin: string; rest: string };
  default?: string;
};
type Numeric = Common & { kind: 'number' | 'integer'; min: number; max: number; default?: number };
type Flag = Common & { kind: 'flag'; default?: boolean };
type List = Common & { kind: 'list'; min: number; max: number; default?: number[] };
export type Rule = Choice | Numeric | Flag | List;

export type SettingValue = string | number | boolean | number[];
export type Settings = Record<string, Rule>;

type ValueOf<R extends Rule> = R extends { kind: 'choice' }
  ? string
  : R extends { kind: 'flag' }
    ? boolean
    : R extends { kind: 'list' }
      ? number[]
      : number;

/** Every setting of a table with a value; those whose `only` does not hold are not there at run time. */
export type Values<S extends Settings> = { [K in keyof S]: ValueOf<S[K]> };

type Optional<S extends Settings> = {
  [K in keyof S]: S[K] extends { default: SettingValue } | { only: object } ? K : never;
}[keyof S];

/** What a recipe states: settings that have a default, or are not there for all recipes, may be left out. */
export type Stated<S extends Settings> = Omit<Values<S>, Optional<S>> & Partial<Pick<Values<S>, Optional<S>>>;

/** Words for the values that a rule allows. */
export function allowed(rule: Rule): string {
  switch (rule.kind) {
    case 'choice':
      return [...rule.options, ...(rule.stem ? [`${rule.stem.begin}${rule.stem.rest}`] : [])].join(', ');
    case 'flag':
      return 'true, false';
    case 'list':
      return `whole numbers from ${rule.min} to ${rule.max} with commas between them`;
    default:
      return `a ${rule.kind === 'integer' ? 'whole ' : ''}number from ${rule.min} to ${rule.max}`;
  }
}

/** Whether a value is `wanted`; a `*` at its end stands for anything, but not for nothing. */
const isLike = (value: SettingValue | undefined, wanted: SettingValue): boolean =>
  typeof wanted === 'string' && wanted.endsWith('*')
    ? String(value).startsWith(wanted.slice(0, -1)) && String(value).length >= wanted.length
    : value === wanted;

/** The value that `text` says, as on a command line; nothing where the rule does not allow it. */
export function parseSetting(rule: Rule, text: string): SettingValue | undefined {
  const numeric = (word: string, { min, max }: { min: number; max: number }, whole: boolean) => {
    const value = word.trim() === '' ? Number.NaN : Number(word);
    return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined;
  };
  switch (rule.kind) {
    case 'choice':
      return rule.options.includes(text) || (rule.stem && isLike(text, `${rule.stem.begin}*`))
        ? text
        : undefined;
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'list': {
      const values = text.split(',').map((word) => numeric(word, rule, true));
      return values.every((v) => v !== undefined) ? values : undefined;
    }
    default:
      return numeric(text, rule, rule.kind === 'integer');
  }
}

/** The condition of `rule` that `values` do not meet, as `network mlp or conv`; nothing where all are met. */
export function unmet(rule: Rule, values: Record<string, SettingValue>): string | undefined {
  const missed = Object.entries(rule.only ?? {}).find(
    ([name, wanted]) => !wanted.some((one) => isLike(values[name], one)),
  );
  return missed && `${missed[0]} ${missed[1].join(' or ')}`;
}
