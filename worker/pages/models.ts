// The page of all models: each with its pictures, and a way to its own page.
import { html } from 'hono/html';
import { isAble } from '../../models/able.ts';
import type { ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import { type Place, samplesOf, USE_WORDS } from './model.ts';
import { shareTags } from './share.ts';
import { type Markup, sitePage } from './site-page.ts';
import { type Bound, sheetWithin } from './within.ts';

const SAMPLES = { n: 12, columns: 6, scale: 2 };
const DESCRIPTION = 'Small generative models: what each draws, what it can do, its terms and its figures.';

function item(card: ModelCard, bound: Bound): Markup {
  const name = nameOf(card);
  const preview = card.files.some((file) => file.name === 'preview.png');
  const sheet = isAble(card, 'generate') && sheetWithin(card, SAMPLES, bound);
  const source = sheet ? samplesOf(card, sheet) : preview ? `/models/${name}/preview.png` : '';
  return html`<li><a href="/models/${name}">${source ? html`<img loading="lazy" src="${source}" alt="">` : ''}<b>${name}</b></a>
<p>${card.title}</p><p class="note">${card.capabilities.join(', ')}; ${USE_WORDS[card.dataset.use]}</p></li>`;
}

/** In the order of the list. */
export const modelsPage = (cards: readonly ModelCard[], place: Place): Markup =>
  sitePage({
    title: 'Models',
    description: DESCRIPTION,
    current: '/models',
    head: shareTags({
      title: 'The models of dreamlet',
      description: DESCRIPTION,
      url: new URL('/models', place.origin),
    }),
    body: html`<section class="opening"><h1>The models</h1><p class="lead">${DESCRIPTION} For programs: <a href="/models?format=json">all cards as JSON</a>.</p></section>
<ul class="gallery">${cards.map((card) => item(card, place))}</ul>`,
  });
