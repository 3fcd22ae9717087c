// The page: fetches the model cards, then wakes every section.
import { readAddress } from './address.ts';
import { createEdge, fetchCards, fetchMaxOperations } from './edge.ts';
import { keepAddress } from './history.ts';
import { createMeter } from './meter.ts';
import { byId, createPage, showFailure } from './page.ts';
import { actionSection } from './sections/actions.ts';
import { besideSection } from './sections/beside.ts';
import { completeSection } from './sections/complete.ts';
import { controlSection } from './sections/controls.ts';
import { drawSection } from './sections/draw.ts';
import { encodedSection } from './sections/encoded.ts';
import { faceSection } from './sections/faces.ts';
import { manifoldSection } from './sections/manifold.ts';
import { pathSection } from './sections/path.ts';
import { sampleSection } from './sections/sample.ts';
import { snippetSection } from './sections/snippets.ts';
import { symbolSection } from './sections/symbols.ts';
import { wallSection } from './sections/wall.ts';
import { whereSection } from './sections/where.ts';

async function start(): Promise<void> {
  const [cards, maxOperations] = await Promise.all([fetchCards(), fetchMaxOperations()]);
  const said = readAddress(new URLSearchParams(location.search), cards);
  if (!said) throw new Error('there is no model yet; train one with npm run train && npm run export');
  const meter = createMeter(byId('meter'));
  const edge = createEdge(meter.count, maxOperations);
  const page = createPage({ ...said.kept, cards, maxOperations, dreamer: edge });
  for (const section of [
    controlSection,
    sampleSection,
    actionSection,
    wallSection,
    besideSection,
    pathSection,
    manifoldSection,
    encodedSection,
    faceSection,
    drawSection,
    completeSection,
    symbolSection,
    snippetSection,
    keepAddress,
  ])
    section(page);
  whereSection(page, edge, meter);
  if (said.missing !== undefined) {
    const { card } = page.choices;
    const words = new Error(`there is no model ‘${said.missing}’ here; this is ${card.id}`);
    showFailure(byId('toast'), words, () => location.assign('/'));
  }
  document.documentElement.dataset.runsOn = 'edge';
  // Sections that come or go with the models have moved the one that the address names.
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

const begin = () => {
  start().catch((error) => showFailure(byId('toast'), error, begin));
};
begin();
