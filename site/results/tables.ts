// Tables of the page of results; wide ones scroll by themselves.
import { type Chart, chartTable } from '../../figures/chart.ts';
import { formatCount, formatPoint } from '../../figures/numbers.ts';
import type { Table } from '../../figures/section.ts';
import { make, printed } from './make.ts';

/** The keyboard scrolls it once it has the focus. */
const scrolling = (table: HTMLTableElement, label: string): HTMLElement =>
  make('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': label }, table);

/** Class of a cell that stands to the right. */
const classOf = (numeric: boolean) => ({ class: numeric ? 'number' : undefined });

const headOf = (columns: readonly { name: string; numeric: boolean }[]): HTMLElement =>
  make(
    'thead',
    {},
    make(
      'tr',
      {},
      ...columns.map(({ name, numeric }) =>
        make('th', { scope: 'col', ...classOf(numeric) }, ...printed(name)),
      ),
    ),
  );

/** The first column names its rows. Values that were made text with their error or sign stand to the right too. */
export function renderTable({ columns, rows }: Table, caption: string): HTMLElement {
  const all = columns.map(({ name }, i) => ({
    name,
    numeric: rows.every((row) => /^-?\d[\d.]*( ± .*)?$|^–?$/.test(row[i]!)),
  }));
  const body = rows.map((row) =>
    make(
      'tr',
      {},
      ...row.map((cell, i) => {
        const kind = classOf(all[i]!.numeric);
        return i === 0
          ? make('th', { scope: 'row', ...kind }, ...printed(cell))
          : make('td', kind, ...printed(cell));
      }),
    ),
  );
  const table = make(
    'table',
    {},
    make('caption', {}, ...printed(caption)),
    headOf(all),
    make('tbody', {}, ...body),
  );
  return scrolling(table, caption);
}

/** Every value of a chart, panel by panel. */
export function renderValues(chart: Chart): HTMLElement {
  const { columns, groups } = chartTable(chart);
  const bodies = groups.map(({ title, rows }) =>
    make(
      'tbody',
      {},
      make(
        'tr',
        {},
        make('th', { scope: 'rowgroup', colspan: String(columns.length + 1) }, ...printed(title)),
      ),
      ...rows.map(({ samples, points }) =>
        make(
          'tr',
          {},
          make('th', { scope: 'row', class: 'number' }, formatCount(samples)),
          ...points.map((point) => make('td', { class: 'number' }, formatPoint(point))),
        ),
      ),
    ),
  );
  const caption = `${chart.title}, every value`;
  const table = make(
    'table',
    {},
    make('caption', {}, `${caption}, ${chart.yLabel}`),
    headOf([chart.xLabel, ...columns].map((name) => ({ name, numeric: true }))),
    ...bodies,
  );
  return scrolling(table, caption);
}
