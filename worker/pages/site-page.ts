// The frame of the pages that the worker makes: in the site's own dress, of which style sheets and scripts are files.
import { html } from 'hono/html';

/** Markup, as `html` makes it: what is put into it is escaped. */
export type Markup = ReturnType<typeof html>;

type SitePage = {
  title: string;
  description: string;
  /** The link of the bar that leads here, or to what it is one of. */
  current: '/models' | '/docs';
  head?: Markup;
  body: Markup;
};

const PAGES = [
  ['/models', 'Models'],
  ['/results/', 'Results'],
  ['/docs', 'API'],
  ['/#embed', 'Embed'],
] as const;

/** Nothing but files of its own, and in nobody's frame; `script`: it runs one, which asks this origin. */
export const pagePolicy = ({ script }: { script: boolean }): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    `img-src 'self'${script ? ' blob:' : ''}`,
    ...(script ? ["script-src 'self'", "connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export const sitePage = ({ title, description, current, head, body }: SitePage): Markup =>
  html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} – dreamlet</title><meta name="description" content="${description}">${head ?? ''}
<link rel="icon" href="/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="/style.css"><link rel="stylesheet" href="/reference.css"></head><body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar"><a class="brand" href="/">dreamlet</a><nav aria-label="Pages">${PAGES.map(
    ([address, name]) =>
      html`<a href="${address}"${address === current ? html` aria-current="page"` : ''}>${name}</a>`,
  )}</nav></header>
<main id="main">${body}</main></body></html>`;
