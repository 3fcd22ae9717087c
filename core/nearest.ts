// The name that somebody meant who wrote another.

/** Letters to add, drop or change on the way from one word to another (Levenshtein, 1965). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row.at(-1)!;
}

const MAX_WORD = 24;

/** Whether a word is another one with letters left out: `cols` is `columns`. */
const isShort = (short: string, whole: string): boolean => {
  let at = 0;
  for (const letter of whole) if (letter === short[at]) at += 1;
  return short.length >= 3 && short[0] === whole[0] && at === short.length;
};

/** The known name that an unknown one is nearest to: a third of its letters may differ, or some be left out. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_WORD) return undefined;
  const word = name.toLowerCase();
  const ranked = known
    .map((one) => ({ one, away: distance(word, one.toLowerCase()) }))
    .filter(({ one, away }) => away <= Math.floor(one.length / 3) || isShort(word, one))
    .sort((a, b) => a.away - b.away);
  return ranked[0]?.one;
}
