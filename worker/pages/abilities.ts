// What a model can do, in words, each with a request to try it by.
import { html } from 'hono/html';
import { requestAddress } from '../../core/request-address.ts';
import { isAble } from '../../models/able.ts';
import type { Capability } from '../../models/capabilities.ts';
import { classesOf, type ModelCard } from '../../models/card.ts';
import { isContinuous, isPlane } from '../../models/latent.ts';
import { nameOf } from '../../models/model-id.ts';
import { exampleOf } from './examples.ts';
import type { Markup } from './site-page.ts';
import { curlOf } from './snippets.ts';
import { type Bound, completionsWithin, mapWithin, pathWithin, sheetWithin } from './within.ts';

/** A GET by its address; a POST by its path, as the reference has an example of it. */
type Use = { words: string | Markup } & ({ get: string } | { post: string });

/** Requests for what a card names; of several lines where it can do it in several ways, none where nothing fits. */
const USES: Record<Capability, (card: ModelCard, bound: Bound) => Use[]> = {
  generate(card, bound) {
    const sheet = isAble(card, 'generate') && sheetWithin(card, { n: 8, columns: 8, scale: 2 }, bound);
    if (!sheet) return [];
    const classes = classesOf(card);
    return [
      {
        words: classes
          ? `New pictures from a seed, of the class that is asked for: ${classes.join(', ')}.`
          : 'New pictures from a seed.',
        get: `/generate/${nameOf(card)}.png?seed=anna${classes ? `&label=${encodeURIComponent(classes.at(-1)!)}` : ''}&n=${sheet.n}&columns=${sheet.columns}&scale=${sheet.scale}`,
      },
    ];
  },
  interpolate(card, bound) {
    if (!isAble(card, 'interpolate')) return [];
    const uses: Use[] = [];
    const path = pathWithin(card, { steps: 24, scale: 4 }, bound);
    if (path)
      uses.push({
        words: 'The way from one seed to another, as frames or as an animation.',
        get: `/interpolate/${nameOf(card)}.apng?from=anna&to=otto&steps=${path.steps}&loop=true&scale=${path.scale}`,
      });
    const map = isContinuous(card.latent) && mapWithin(card, { size: 8, scale: 2 }, bound);
    if (!map) return uses;
    const plane = isPlane(card.latent);
    uses.push({
      words: plane ? 'The plane of all its latents.' : 'A plane through three seeds.',
      get: `/manifold/${nameOf(card)}.png?size=${map.size}&scale=${map.scale}${plane ? '' : '&origin=anna&right=otto&down=mia'}`,
    });
    return uses;
  },
  encode: () => [
    {
      words: 'The latents of a picture of yours, and the picture drawn again from them.',
      post: '/reconstruct',
    },
  ],
  complete(card, bound) {
    if (!isAble(card, 'complete') || completionsWithin(card, 1, bound) === 0) return [];
    return [
      {
        words: 'The rest of a picture of which a half is known, as often as one likes.',
        post: '/complete',
      },
    ];
  },
  classify: (card) => [
    {
      words: `Which of its classes a picture is of: ${card.labels?.join(', ')}.`,
      post: '/classify',
    },
  ],
  anomaly: () => [
    {
      words: 'Whether a picture is like those that it has seen.',
      post: '/anomaly',
    },
  ],
  edit: (card) => {
    const directions = isAble(card, 'edit') ? card.directions : [];
    return [
      {
        words: html`A picture moved in a direction. ${directions.map(({ name, meaning }) => html`<br><b>${name}</b>: ${meaning}.`)}`,
        post: '/edit',
      },
    ];
  },
  compress: () => [
    {
      words: 'A picture as a code of a few bytes, and back.',
      post: '/compress',
    },
  ],
};

/** A command for a shell. */
function commandOf(path: string, card: ModelCard, origin: string, bound: Bound): string {
  const found = exampleOf(`post ${path}`, { ...bound, cards: [card], defaultModel: card.id, origin });
  if (!found || !('example' in found)) throw new Error(`abilities: ${path} has no example`);
  const { example } = found;
  return curlOf('POST', origin + requestAddress(path, example.values), example);
}

/** Of every capability of a card: its name, what it is, and a request. */
export const usesOf = (card: ModelCard, origin: string, bound: Bound): Markup[] =>
  card.capabilities.flatMap((capability) =>
    USES[capability](card, bound).map(
      (use) =>
        html`<dt>${capability}</dt><dd><p>${use.words}</p>${
          'get' in use
            ? html`<p><a href="${use.get}"><code>GET ${use.get}</code></a></p><a href="${use.get}"><img loading="lazy" src="${use.get}" alt="The answer to this request"></a>`
            : html`<pre><code>${commandOf(use.post, card, origin, bound)}</code></pre>`
        }</dd>`,
    ),
  );
