// Which of several media types a client wants: RFC 9110, 12.5.1.

/** Ranges that are looked at; what comes after them is nobody's wish. */
const MAX_RANGES = 32;

type Range = { type: string; weight: number; place: number };

const rangesOf = (accept: string): Range[] =>
  accept
    .split(',', MAX_RANGES)
    .map((range, place) => {
      const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      const weight = q === undefined ? 1 : Number(q);
      return { type: type!, weight: weight >= 0 && weight <= 1 ? weight : 1, place };
    })
    .filter(({ type }) => type !== '');

/** The range that says most about a type: the type itself, its kind, or anything. */
const rangeFor = (ranges: readonly Range[], type: string): Range | undefined =>
  [type, `${type.split('/')[0]}/*`, '*/*']
    .map((wanted) => ranges.find((range) => range.type === wanted))
    .find((range) => range !== undefined);

/**
 * The type of `types` with the largest weight; of several, the one that the header names first, then the one that the
 * list does. Where the header wants none of them, the first that it does not refuse.
 */
export function preferred<T extends string>(accept: string | undefined, types: readonly T[]): T {
  if (!accept) return types[0]!;
  const ranges = rangesOf(accept);
  let best: { type: T; range: Range } | undefined;
  for (const type of types) {
    const range = rangeFor(ranges, type);
    if (!range || range.weight === 0) continue;
    const ahead = best ? range.weight - best.range.weight || best.range.place - range.place : 1;
    if (ahead > 0) best = { type, range };
  }
  return best?.type ?? types.find((type) => rangeFor(ranges, type)?.weight !== 0) ?? types[0]!;
}
