// What a model can do, in words, each with a request to try it by.
import { html } from 'hono/html';
import { isAble } from '../../models/able.ts';
import type { Capability } from '../../models/capabilities.ts';
import { classesOf, type ModelCard } from '../../models/card.ts';
import { isContinuous, isPlane } from '../../models/latent.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Markup } from './site-page.ts';

type Use = { words: string | Markup } & ({ get: string } | { post: string; body: string });

/** Requests for what a card names; of several lines where it can do it in several ways. */
const USES: Record<Capability, (card: ModelCard) => Use[]> = {
  generate(card) {
    const classes = classesOf(card);
    return [
      {
        words: classes
          ? `New pictures from a seed, of the class that is asked for: ${classes.join(', ')}.`
          : 'New pictures from a seed.',
        get: `/generate/${nameOf(card)}.png?seed=anna${classes ? `&label=${encodeURIComponent(classes.at(-1)!)}` : ''}&n=8&columns=8&scale=2`,
      },
    ];
  },
  interpolate(card) {
    const walk: Use = {
      words: 'The way from one seed to another, as frames or as an animation.',
      get: `/interpolate/${nameOf(card)}.apng?from=anna&to=otto&steps=24&loop=true&scale=4`,
    };
    if (!card.latent || !isContinuous(card.latent)) return [walk];
    const plane = isPlane(card.latent);
    return [
      walk,
      {
        words: plane ? 'The plane of all its latents.' : 'A plane through three seeds.',
        get: `/manifold/${nameOf(card)}.png?size=8&scale=2${plane ? '' : '&origin=anna&right=otto&down=mia'}`,
      },
    ];
  },
  encode: (card) => [
    {
      words: 'The latents of a picture of yours, and the picture drawn again from them.',
      post: `/reconstruct?model=${nameOf(card)}`,
      body: 'picture.png',
    },
  ],
  complete: (card) => [
    {
      words: 'The rest of a picture of which a half is known, as often as one likes.',
      post: `/complete?model=${nameOf(card)}&seed=anna&n=8`,
      body: 'picture.png',
    },
  ],
  classify: (card) => [
    {
      words: `Which of its classes a picture is of: ${card.labels?.join(', ')}.`,
      post: `/classify?model=${nameOf(card)}`,
      body: 'picture.png',
    },
  ],
  anomaly: (card) => [
    {
      words: 'Whether a picture is like those that it has seen.',
      post: `/anomaly?model=${nameOf(card)}&rate=0.01`,
      body: 'picture.png',
    },
  ],
  edit: (card) => {
    const directions = isAble(card, 'edit') ? card.directions : [];
    return [
      {
        words: html`A picture moved in a direction. ${directions.map(({ name, meaning }) => html`<br><b>${name}</b>: ${meaning}.`)}`,
        post: `/edit?model=${nameOf(card)}&seed=anna&direction=${encodeURIComponent(directions[0]?.name ?? '')}&strength=2&scale=4`,
        body: '',
      },
    ];
  },
  compress: (card) => [
    {
      words: 'A picture as a code of a few bytes, and back.',
      post: `/compress?model=${nameOf(card)}&quality=5`,
      body: 'picture.png',
    },
  ],
};

/** A command that sends a request, for a shell. */
const curl = (address: string, body: string): string =>
  body === ''
    ? `curl -X POST '${address}' -o answer.png`
    : `curl -X POST '${address}' -H 'Content-Type: image/png' --data-binary @${body}`;

/** Of every capability of a card: its name, what it is, and a request. */
export const usesOf = (card: ModelCard, origin: string): Markup[] =>
  card.capabilities.flatMap((capability) =>
    USES[capability](card).map(
      (use) =>
        html`<dt>${capability}</dt><dd><p>${use.words}</p>${
          'get' in use
            ? html`<p><a href="${use.get}"><code>GET ${use.get}</code></a></p><a href="${use.get}"><img loading="lazy" src="${use.get}" alt="The answer to this request"></a>`
            : html`<pre><code>${curl(origin + use.post, use.body)}</code></pre>`
        }</dd>`,
    ),
  );
