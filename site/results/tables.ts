// Tables of the page of results; wide ones scroll by themselves.
import { type Chart, chartTable } from '../../figures/chart.ts';
import { formatCount, formatPoint } from '../../figures/numbers.ts';
import { formatValue, headingOf, type Table } from '../../figures/table.ts';
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

/** The first column names its rows. */
export function renderTable({ columns, rows }: Table, caption: string): HTMLElement {
  const heads = columns.map((head) => ({ name: headingOf(head), numeric: head.kind !== 'text' }));
  const body = rows.map((row) =>
    make(
      'tr',
      {},
      ...row.map((value, i) => {
        const kind = classOf(heads[i]!.numeric);
        const text = printed(formatValue(columns[i]!, value));
        return i === 0 ? make('th', { scope: 'row', ...kind }, ...text) : make('td', kind, ...text);
      }),
    ),
  );
  const table = make(
    'table',
    {},
    make('caption', {}, ...printed(caption)),
    headOf(heads),
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
