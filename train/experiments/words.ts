// Lists in sentences.

/** `a`, `a and b`, `a, b and c` */
export const listOf = (words: readonly string[], last = 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

/** A note that names the cells of a table that are not there, and why: none where all are. `titles` of rows and columns. */
export function absentCells<R extends string, C extends string>(
  rows: readonly R[],
  columns: readonly C[],
  has: (row: R, column: C) => boolean,
  titles: { row(row: R): string; column(column: C): string },
  reason: string,
): string[] {
  const names = rows.flatMap((row) => {
    const absent = columns.filter((column) => !has(row, column));
    if (absent.length === 0) return [];
    return [
      absent.length === columns.length
        ? `${titles.row(row)} with all ${columns.length}`
        : `${titles.row(row)} with ${listOf(absent.map(titles.column))}`,
    ];
  });
  return names.length === 0 ? [] : [`Not run, ${reason}: ${names.join('; ')}.`];
}
