// Tables of typed values: what is judged, compared and downloaded are the values; text is made of them last, the same on
// a terminal, in Markdown and on the page.
import { DASH, formatNumber, formatQuantity, formatShare, type Quantity } from './numbers.ts';
import type { Share } from './share.ts';

/** `null`: not measured. */
export type Value = string | Quantity | Share | null;
/** `decimals` digits after the point are shown, or three that say something. */
export type Head =
  | { name: string; kind: 'text' | 'share' }
  | { name: string; kind: 'number'; unit?: string; decimals?: number };
export type Table = { columns: Head[]; rows: Value[][] };

/** A column and where its values come from. */
export type Column<T> = { name: string } & (
  | { kind: 'text'; of(row: T): string | undefined }
  | { kind: 'share'; of(row: T): Share | undefined }
  | { kind: 'number'; unit?: string; decimals?: number; of(row: T): number | Quantity | undefined }
);

const toValue = (found: string | number | Quantity | Share | undefined): Value =>
  typeof found === 'number' ? { value: found } : (found ?? null);

/** Columns without any value are left out. */
export function tableOf<T>(rows: readonly T[], columns: readonly Column<T>[]): Table {
  const found = columns
    .map(({ of, ...head }) => ({ head, values: rows.map((row) => toValue(of(row))) }))
    .filter(({ values }) => values.some((value) => value !== null));
  return {
    columns: found.map(({ head }) => head),
    rows: rows.map((_, i) => found.map(({ values }) => values[i]!)),
  };
}

/** A row of a benchmark: bare values by name. */
export type PlainRow = Record<string, string | number>;

/** A column for each name, in order of first use. */
export function plainTable(rows: readonly PlainRow[]): Table {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isText = (name: string) => rows.some((row) => typeof row[name] === 'string');
  return tableOf(
    rows,
    names.map(
      (name): Column<PlainRow> =>
        isText(name)
          ? { name, kind: 'text', of: (row) => row[name]?.toString() }
          : { name, kind: 'number', of: (row) => row[name] as number | undefined },
    ),
  );
}

/** `PSNR, dB` */
export const headingOf = (head: Head): string =>
  head.kind === 'number' && head.unit ? `${head.name}, ${head.unit}` : head.name;

export function formatValue(head: Head, value: Value): string {
  if (value === null) return DASH;
  if (typeof value === 'string') return value;
  if ('count' in value) return formatShare(value);
  const decimals = head.kind === 'number' ? head.decimals : undefined;
  return value.standardError === undefined
    ? formatNumber(value.value, decimals)
    : formatQuantity(value, decimals);
}

const textsOf = ({ columns, rows }: Table): string[][] =>
  rows.map((row) => row.map((value, i) => formatValue(columns[i]!, value)));

/** Lines of a table for a terminal; numbers to the right. */
export function terminalOf(table: Table): string {
  const { columns } = table;
  const texts = textsOf(table);
  const headings = columns.map(headingOf);
  const widths = headings.map((name, i) => Math.max(name.length, ...texts.map((row) => row[i]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (columns[i]!.kind === 'text' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [headings, widths.map((width) => '-'.repeat(width)), ...texts].map(line).join('\n');
}

export function markdownOf(table: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const marks = table.columns.map(({ kind }) => (kind === 'text' ? '---' : '--:'));
  return [line(table.columns.map(headingOf)), line(marks), ...textsOf(table).map(line)].join('\n');
}
