// Keeps the address of the page at what the page shows, and the page at what its address says: back and forward.
import { readAddress, writeAddress } from './address.ts';
import type { Choices, Kept, Page } from './page.ts';

/** Changes of the same choices that come faster than this are one step of the history. */
const STEP_MILLISECONDS = 1000;

const KEPT: readonly (keyof Kept)[] = [
  'card',
  'seed',
  'label',
  'temperature',
  'colormap',
  'scaling',
  'to',
  'down',
  'moved',
  'beside',
  'strengths',
];

/** Those of `next` that are not what the page shows. */
function differing(choices: Choices, next: Kept): Partial<Kept> {
  const same = (name: keyof Kept) =>
    name === 'card'
      ? choices.card === next.card
      : JSON.stringify(choices[name]) === JSON.stringify(next[name]);
  return Object.fromEntries(KEPT.filter((name) => !same(name)).map((name) => [name, next[name]]));
}

export function keepAddress(page: Page): void {
  let before = { keys: '', at: Number.NEGATIVE_INFINITY };
  let restoring = false;
  page.onChange((changed) => {
    const kept = KEPT.filter((name) => changed.has(name));
    if (restoring || kept.length === 0) return;
    const now = { keys: kept.join(), at: performance.now() };
    const goesOn = now.keys === before.keys && now.at - before.at < STEP_MILLISECONDS;
    before = now;
    const query = writeAddress(page.choices);
    // Whom the device asks is no choice of the page, and stays.
    const engine = new URLSearchParams(location.search).get('engine');
    if (engine !== null) query.set('engine', engine);
    const address = `?${query}${location.hash}`;
    if (address === `${location.search}${location.hash}`) return;
    if (goesOn) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
  });
  addEventListener('popstate', () => {
    const said = readAddress(new URLSearchParams(location.search), page.choices.cards);
    const change = said ? differing(page.choices, said.kept) : {};
    if (Object.keys(change).length === 0) return;
    before = { keys: '', at: Number.NEGATIVE_INFINITY };
    restoring = true;
    page.choose(change);
    restoring = false;
  });
}
