// The small box beside the crosshair: what every curve of a panel says at one sample.
import { type Panel, pointAt } from '../../figures/chart.ts';
import { formatCount, formatPoint } from '../../figures/numbers.ts';
import { PAGE_THEME } from './colours.ts';
import { make } from './make.ts';

/** Pixels between panel and box, and those of the page's bar at the top of the window. */
const AWAY = 4;
const BAR = 60;

/** The same in one sentence, for screen readers. */
export const sentence = ({ series }: Panel, samples: number, unit: string): string =>
  `${samples} ${unit}: ${series
    .map((one) => `${one.subject} ${one.split} ${formatPoint(pointAt(one, samples))}`)
    .join(', ')}`;

/**
 * Fills `box`, a row for each subject and a column for each split. It stands above the panel, where no hand hides it,
 * or below where the window has no room; within its parent, about the crosshair at `x` pixels of the panel.
 */
export function showReadout(
  box: HTMLElement,
  { series }: Panel,
  samples: number,
  unit: string,
  at: { panel: DOMRect; x: number },
): void {
  const subjects = [...new Set(series.map(({ subject }) => subject))];
  const splits = [...new Set(series.map(({ split }) => split))];
  const rows = subjects.map((subject) => {
    const own = series.filter((one) => one.subject === subject);
    const swatch = make('i', { style: `background:${PAGE_THEME.colours[own[0]!.colour]}` });
    const cells = splits.map((split) => {
      const one = own.find((candidate) => candidate.split === split);
      return make('td', {}, one ? formatPoint(pointAt(one, samples)) : '');
    });
    return make('tr', {}, make('th', {}, swatch, subject), ...cells);
  });
  const head = make('tr', {}, make('th'), ...splits.map((split) => make('th', {}, split)));
  box.replaceChildren(
    make('b', {}, `${formatCount(samples)} ${unit}`),
    make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)),
  );
  box.hidden = false;
  // Where it stood before must not narrow it.
  box.style.left = '0';
  const parent = box.parentElement!.getBoundingClientRect();
  const left = at.panel.left - parent.left + at.x - box.offsetWidth / 2;
  const above = at.panel.top - box.offsetHeight - AWAY;
  const top = above < BAR ? at.panel.bottom + AWAY : above;
  box.style.left = `${Math.max(0, Math.min(left, parent.width - box.offsetWidth))}px`;
  box.style.top = `${top - parent.top}px`;
}
