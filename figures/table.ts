// Rows of named values as tables: on a terminal, in Markdown, and on the page.
import type { Table } from './section.ts';

export type Row = Record<string, string | number>;

const format = (value: string | number | undefined) =>
  typeof value !== 'number' || Number.isInteger(value)
    ? String(value ?? '')
    : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

/** A column per key, in order of first use; one of numbers alone is numeric. */
export function tableOf(rows: readonly Row[]): Table {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = keys.map((name) => ({
    name,
    numeric: rows.every((row) => typeof (row[name] ?? 0) === 'number'),
  }));
  return { columns, rows: rows.map((row) => keys.map((key) => format(row[key]))) };
}

/** Lines of a table; numbers to the right. */
export function table(all: readonly Row[]): string {
  const { columns, rows } = tableOf(all);
  const widths = columns.map(({ name }, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (columns[i]!.numeric ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [columns.map(({ name }) => name), widths.map((width) => '-'.repeat(width)), ...rows]
    .map(line)
    .join('\n');
}

/** The same in Markdown. */
export function markdownOf({ columns, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const names = columns.map(({ name }) => name);
  return [line(names), line(columns.map(({ numeric }) => (numeric ? '--:' : '---'))), ...rows.map(line)].join(
    '\n',
  );
}
export const markdownTable = (rows: readonly Row[]): string => markdownOf(tableOf(rows));
