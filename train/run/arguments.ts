// Command lines of the form `name --key=value --flag`.

export type Arguments = { positional: string[]; options: Record<string, string> };

/** `--key=value` and `--key value` are the same; a `--key` that is followed by no value is `true`. */
export function parseArguments(argv: readonly string[], flags: readonly string[]): Arguments {
  const positional: string[] = [];
  const options: Record<string, string> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (!word.startsWith('--')) {
      positional.push(word);
      continue;
    }
    const [key, ...rest] = word.slice(2).split('=');
    if (rest.length > 0) options[key!] = rest.join('=');
    else if (flags.includes(key!) || argv[i + 1] === undefined || argv[i + 1]!.startsWith('--'))
      options[key!] = 'true';
    else options[key!] = argv[++i]!;
  }
  return { positional, options };
}
