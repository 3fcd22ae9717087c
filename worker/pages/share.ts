// What those who unfurl a link read of a page: Open Graph (ogp.me), the cards of X, and oEmbed's discovery.
import { html, raw } from 'hono/html';
import { pictureQuery, pictureWords, readPicture, type ShownPicture } from '../../core/shown-picture.ts';
import type { ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Markup } from './site-page.ts';
import { type Bound, sheetWithin, sideWithin } from './within.ts';

/** Pixels of either side: enough for all who show links. */
const SIDE = 600;
/** Below it whole pixels, which cost less, show more. */
const LEAST_SMOOTH = 400;
const MAX_SCALE = 16;

type Shared = {
  title: string;
  description: string;
  /** The one address of the page. */
  url: URL;
  /** A picture, and what a person who cannot see it is told. */
  image?: { url: URL; alt: string; width: number; height: number };
};

/** The tags of one page. */
export const shareTags = ({ title, description, url, image }: Shared): Markup =>
  html`<link rel="canonical" href="${url.href}"><meta property="og:type" content="website"><meta property="og:site_name" content="dreamlet"><meta property="og:url" content="${url.href}"><meta property="og:title" content="${title}"><meta property="og:description" content="${description}"><meta name="twitter:card" content="${image && image.width > 1.5 * image.height ? 'summary_large_image' : 'summary'}"><meta name="twitter:title" content="${title}"><meta name="twitter:description" content="${description}">${
    image
      ? html`<meta property="og:image" content="${image.url.href}"><meta property="og:image:type" content="image/png"><meta property="og:image:width" content="${image.width}"><meta property="og:image:height" content="${image.height}"><meta property="og:image:alt" content="${image.alt}"><meta name="twitter:image" content="${image.url.href}"><meta name="twitter:image:alt" content="${image.alt}">`
      : ''
  }`;

function withQuery(address: string, origin: string, query: Record<string, string | number>): URL {
  const url = new URL(address, origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}

/** The picture for a card: of the size that is liked best, or the largest that one request may make here. */
function shareImage(picture: ShownPicture, pixels: boolean, origin: string, bound: Bound): Shared['image'] {
  const { card, seed } = picture;
  const { width, height } = card.image;
  const alt = `The picture of seed ${seed} by ${card.title}`;
  const query = pictureQuery(picture);
  const side = sideWithin(card, SIDE, LEAST_SMOOTH, bound);
  if (side) {
    const address = `/generate/${nameOf(card)}/${side}x${side}.png`;
    const scaling: { scaling?: string } = pixels ? { scaling: 'pixel' } : {};
    return { url: withQuery(address, origin, { ...query, ...scaling }), alt, width: side, height: side };
  }
  const enlarged = sheetWithin(card, { n: 1, columns: 1, scale: MAX_SCALE }, bound);
  if (!enlarged) return undefined;
  const { scale } = enlarged;
  const url = withQuery(`/generate/${nameOf(card)}.png`, origin, { ...query, scale });
  return { url, alt, width: scale * width, height: scale * height };
}

/** The first page as a file, with the tags of what `address` shows; as it is where no model generates. */
export function sharePage(page: string, address: URL, cards: readonly ModelCard[], bound: Bound): string {
  const { picture } = readPicture(address.searchParams, cards) ?? {};
  if (!picture) return page;
  const { card } = picture;
  const { origin } = address;
  const query = pictureQuery(picture);
  const pixels = address.searchParams.get('scaling') === 'pixels';
  const generated = withQuery(`/generate/${nameOf(card)}.png`, origin, query);
  const about = withQuery('/oembed', origin, { url: generated.href });
  const title = pictureWords(picture);
  const image = shareImage(picture, pixels, origin, bound);
  const tags = shareTags({
    title,
    description: `${card.title}. A seed is a picture, for ever: small generative models, trained once and served from the edge.`,
    url: withQuery('/', origin, {
      model: nameOf(card),
      ...query,
      ...(pixels ? { scaling: 'pixels' } : {}),
    }),
    ...(image ? { image } : {}),
  });
  const links = html`${raw(tags)}<link rel="alternate" type="application/json+oembed" href="${about.href}" title="${title}">`;
  return page.replace('</head>', () => `${links}</head>`);
}
