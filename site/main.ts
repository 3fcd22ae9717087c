// The page: fetches the model cards, then wakes every section.
import { isAble } from '../models/able.ts';
import { edge, fetchCards } from './edge.ts';
import { byId, createPage, showFailure } from './page.ts';
import { controlSection } from './sections/controls.ts';
import { drawSection } from './sections/draw.ts';
import { faceSection } from './sections/faces.ts';
import { manifoldSection } from './sections/manifold.ts';
import { pathSection } from './sections/path.ts';
import { sampleSection } from './sections/sample.ts';
import { snippetSection } from './sections/snippets.ts';
import { wallSection } from './sections/wall.ts';

async function start(): Promise<void> {
  const cards = await fetchCards();
  const generators = cards.filter((one) => isAble(one, 'generate'));
  const card = generators.findLast(({ id }) => id === 'mnist-vae') ?? generators[0];
  if (!card)
    throw new Error(
      'there is no model yet; train one with npm run train && npm run evaluate && npm run export',
    );
  const page = createPage({
    card,
    cards,
    seed: 'anna',
    label: undefined,
    temperature: 1,
    colormap: 'gray',
    dreamer: edge,
  });
  for (const section of [
    controlSection,
    sampleSection,
    wallSection,
    pathSection,
    manifoldSection,
    faceSection,
    drawSection,
    snippetSection,
  ])
    section(page);
  document.documentElement.dataset.runsOn = 'edge';
}

const begin = () => {
  start().catch((error) => showFailure(byId('toast'), error, begin));
};
begin();
