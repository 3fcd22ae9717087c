// One experiment on the page: its claims with their verdicts, figure, pictures and tables.
import type { Claim, Picture, PublishedSection, Verdict } from '../../figures/section.ts';
import { renderFigure } from './figure.ts';
import { renderGame } from './game-view.ts';
import { make, printed } from './make.ts';
import { renderView } from './picture-views.ts';
import { renderRelaxed } from './relaxed-view.ts';
import { renderTable, renderValues } from './tables.ts';

const SIGNS: Record<Verdict, string> = {
  held: '✓',
  'held in part': '≈',
  'ahead so far': '↗',
  'not reached': '…',
  'not held': '✗',
};

/** `2 held`, or `1 held, 1 not held`. */
function countVerdicts(claims: readonly Claim[]): string {
  const counts = Object.keys(SIGNS).map(
    (verdict) => [claims.filter((claim) => claim.verdict === verdict).length, verdict] as const,
  );
  const told = counts.filter(([count]) => count > 0).map(([count, verdict]) => `${count} ${verdict}`);
  return told.join(', ') || 'no claim to judge';
}

export const contentsEntry = ({ id, title, claims }: PublishedSection): HTMLElement =>
  make('li', {}, make('a', { href: `#${id}` }, title), make('span', {}, countVerdicts(claims)));

const renderClaim = ({ claim, verdict, found }: Claim): HTMLElement =>
  make(
    'li',
    {},
    make('strong', { class: 'verdict', 'data-verdict': verdict }, `${SIGNS[verdict]} ${verdict}`),
    make('p', {}, make('b', {}, ...printed(`${claim}.`)), ' ', ...printed(found)),
  );

/** What a section has to try, besides what was measured. */
const TO_TRY: Record<string, () => HTMLElement> = { 'gumbel-figure-1': renderRelaxed };

/** Pixels of a picture that stand in one of the page's. */
const SHRINK = 1.05;

function renderPicture(id: string, picture: Picture): HTMLElement {
  const { file, caption, width, height, view } = picture;
  if (view) return renderView(`${id}/${file}`, picture, view);
  const size = { width: String(width), height: String(height) };
  const image = make('img', { src: `${id}/${file}`, alt: caption, loading: 'lazy', ...size });
  const figure = make('figure', {}, image, make('figcaption', {}, ...printed(caption)));
  figure.style.width = `${Math.round(width / SHRINK)}px`;
  return figure;
}

/** A button that shows and hides `what`. */
function disclosure(what: HTMLElement): HTMLButtonElement {
  what.hidden = true;
  const button = make(
    'button',
    { type: 'button', 'aria-expanded': 'false', 'aria-controls': what.id },
    'Table',
  );
  button.onclick = () => {
    what.hidden = !what.hidden;
    button.setAttribute('aria-expanded', String(!what.hidden));
  };
  return button;
}

export function renderSection(section: PublishedSection): HTMLElement {
  const { id, title, length, claims, chart, gameFile, pictures, table, notes, data } = section;
  const parts: HTMLElement[] = [
    make('h2', { id: `${id}-title` }, title),
    make('p', { class: 'length' }, ...printed(length)),
  ];
  if (claims.length > 0) parts.push(make('ul', { class: 'claims' }, ...claims.map(renderClaim)));
  if (chart) parts.push(renderFigure(chart));
  if (gameFile) parts.push(renderGame(gameFile));
  const toTry = TO_TRY[id];
  if (toTry) parts.push(toTry());
  if (pictures.length > 0)
    parts.push(make('div', { class: 'pictures' }, ...pictures.map((picture) => renderPicture(id, picture))));
  const tables = make('div', { class: 'tables', id: `${id}-tables` });
  if (table) tables.append(renderTable(table, title));
  if (chart) tables.append(renderValues(chart));
  const files = make('p', { class: 'files' });
  if (chart) files.append(disclosure(tables));
  if (chart || table) files.append(make('a', { href: `${id}.csv`, download: '' }, 'Values (CSV)'));
  files.append(make('a', { href: `${id}.json` }, 'All of it, with settings and protocols (JSON)'));
  parts.push(...(chart ? [files, tables] : [tables, files]));
  for (const note of [...notes, `${data}.`]) parts.push(make('p', { class: 'note' }, ...printed(note)));
  return make('section', { id, 'aria-labelledby': `${id}-title` }, ...parts);
}
