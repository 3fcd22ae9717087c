// Values as CSV (RFC 4180), in full precision, with what belongs to them in columns of their own.
import { type Chart, chartTable } from './chart.ts';
import { type Share, wilson } from './share.ts';
import { type Head, headingOf, type Table, type Value } from './table.ts';

type Field = string | number;

const csvOf = (lines: readonly (readonly Field[])[]): string =>
  lines
    .map((line) => {
      const fields = line.map((field) =>
        /[",\n]/.test(String(field)) ? `"${String(field).replaceAll('"', '""')}"` : field,
      );
      return `${fields.join()}\n`;
    })
    .join('');

/** A line for each sample of each panel. */
export function chartCsv(chart: Chart): string {
  const { columns, groups } = chartTable(chart);
  const lines = groups.flatMap(({ title, rows }) =>
    rows.map(({ samples, points }) => [
      title,
      samples,
      ...points.flatMap((point) => [point?.[1] ?? '', point?.[2] ?? '']),
    ]),
  );
  return csvOf([['panel', chart.xLabel, ...columns.flatMap((name) => [name, `${name}, error`])], ...lines]);
}

const SHARE_PARTS: Record<string, (share: Share) => number> = {
  '': ({ count, of }) => count / of,
  ', count': ({ count }) => count,
  ', of': ({ of }) => of,
  ', low': (share) => wilson(share)[0],
  ', high': (share) => wilson(share)[1],
};

/** The columns that one column of a table becomes: their names, and their fields of a value. */
function partsOf(head: Head, values: readonly Value[]): [name: string, of: (value: Value) => Field][] {
  const name = headingOf(head);
  if (head.kind === 'text') return [[name, (value) => (typeof value === 'string' ? value : '')]];
  if (head.kind === 'share')
    return Object.entries(SHARE_PARTS).map(([part, of]) => [
      `${name}${part}`,
      (value) => (value && typeof value === 'object' && 'count' in value ? of(value) : ''),
    ]);
  const quantity = (value: Value) =>
    value && typeof value === 'object' && 'value' in value ? value : undefined;
  const hasErrors = values.some((value) => quantity(value)?.standardError !== undefined);
  const own: [string, (value: Value) => Field] = [name, (value) => quantity(value)?.value ?? ''];
  return hasErrors ? [own, [`${name}, error`, (value) => quantity(value)?.standardError ?? '']] : [own];
}

/** A line for each row. */
export function tableCsv({ columns, rows }: Table): string {
  const parts = columns.map((head, i) =>
    partsOf(
      head,
      rows.map((row) => row[i]!),
    ),
  );
  return csvOf([
    parts.flatMap((part) => part.map(([name]) => name)),
    ...rows.map((row) => parts.flatMap((part, i) => part.map(([, of]) => of(row[i]!)))),
  ]);
}
