// Command lines of the form `name --key=value --flag`.
import { nearest } from '../../core/nearest.ts';

export type Arguments = { positional: string[]; options: Record<string, string> };

/**
 * `--key=value` and `--key value` are the same; a `--key` that is followed by no value is `true`; `-h` is `--help`.
 * @throws Error at any other word with one hyphen: `-epochs=3` would be a recipe of that name.
 */
export function parseArguments(argv: readonly string[], flags: readonly string[]): Arguments {
  const positional: string[] = [];
  const options: Record<string, string> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '-h') {
      options.help = 'true';
      continue;
    }
    if (!word.startsWith('--')) {
      if (word.startsWith('-')) throw new Error(`'${word}' must begin with two hyphens; see --help`);
      positional.push(word);
      continue;
    }
    const [key, ...rest] = word.slice(2).split('=');
    if (rest.length > 0) options[key!] = rest.join('=');
    else if (
      key === 'help' ||
      flags.includes(key!) ||
      argv[i + 1] === undefined ||
      argv[i + 1]!.startsWith('--')
    )
      options[key!] = 'true';
    else options[key!] = argv[++i]!;
  }
  return { positional, options };
}

/** `; did you mean --epochs?` where a known name is near; `; <otherwise>` where none is. */
export function suggestion(name: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(name, known);
  return meant === undefined ? `; ${otherwise}` : `; did you mean --${meant}?`;
}

/** @throws Error naming the first word too many, or the first option that is not one of `known`. */
export function requireKnown(
  positional: readonly string[],
  options: Record<string, string>,
  words: number,
  known: readonly string[],
): void {
  if (positional.length > words) throw new Error(`'${positional[words]}' is one word too many; see --help`);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new Error(
      `--${unknown} is not an option${suggestion(unknown, known, `the options are --${known.join(', --')}`)}`,
    );
}

/** @throws Error naming the option, unless `text` is a whole number of at least 1. */
export function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name}=${text} must be a whole number of at least 1`);
  return Number(text);
}

/** Runs a command; what it throws is said in its words alone. */
export function runCommand(main: () => Promise<void>): void {
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
