// The page of results: fetches what the build made of results/, and shows it section by section.
import type { PublishedSection } from '../../figures/section.ts';
import { byId, showFailure } from '../page.ts';
import { contentsEntry, renderSection } from './section.ts';

async function start(): Promise<void> {
  const response = await fetch('sections.json');
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const sections = (await response.json()) as PublishedSection[];
  byId('contents').replaceChildren(...sections.map(contentsEntry));
  byId('sections').replaceChildren(...sections.map(renderSection));
  // The section that the address names has come only now, and has its place once the figures are drawn.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.getElementById(location.hash.slice(1))?.scrollIntoView()),
  );
}

const begin = () => {
  start().catch((error) => showFailure(byId('toast'), error, begin));
};
begin();
