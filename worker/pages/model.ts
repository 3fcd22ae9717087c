// The page of one model: what it draws, what it can do, what it may be used for, and its figures.
import { html } from 'hono/html';
import { isAble } from '../../models/able.ts';
import type { MetricCard, ModelCard } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import { isFree, type Use } from '../../models/use.ts';
import { usesOf } from './abilities.ts';
import { shareTags } from './share.ts';
import { type Markup, sitePage } from './site-page.ts';
import { type Bound, type Sheet, sheetWithin } from './within.ts';

const SAMPLES = { n: 24, columns: 8, scale: 4 };

export const USE_WORDS: Record<Use, string> = {
  commercial: 'for every use',
  research: 'for research only',
  unknown: 'of unknown terms',
};

const VARIANTS = {
  grey: 'pixels as they are',
  dynamic: 'pixels made black or white at random, anew at every use',
  static: 'pixels made black or white once',
};

/** Colours for pictures of one channel, as on the first page. */
export const coloursOf = ({ image }: ModelCard): string => (image.channels === 1 ? '&colormap=ember' : '');

export const samplesOf = (card: ModelCard, { n, columns, scale }: Sheet): string =>
  `/generate/${nameOf(card)}.png?seed=anna&n=${n}&columns=${columns}&scale=${scale}${coloursOf(card)}`;

const size = (bytes: number): string =>
  bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;

/** As many digits as the error leaves sense to. */
function figure({ value, standardError, interval }: MetricCard): string {
  const spread = standardError ?? (interval ? (interval[1] - interval[0]) / 2 : 0);
  const digits = spread > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(spread)))) : 2;
  const said = (number: number) =>
    (Number.isInteger(number) ? String(number) : number.toFixed(digits)).replace('-', '−');
  if (standardError !== undefined) return `${said(value)} ± ${said(standardError)}`;
  return interval ? `${said(value)} (95 %: ${interval.map(said).join(' to ')})` : said(value);
}

const row = (name: string | Markup, value: unknown): Markup =>
  html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`;

function latentWords({ latent, graphs }: ModelCard): string {
  if (!latent) return 'none';
  const codes = graphs.prior ? ', drawn from a prior that was learned' : '';
  if (latent.prior === 'categorical')
    return `${latent.variables} variables of ${latent.classes} values each${codes}`;
  if (latent.prior === 'bernoulli') return `${latent.dimensions} bits${codes}`;
  if (latent.prior === 'uniform')
    return `${latent.dimensions} numbers, uniform in ${latent.low} to ${latent.high}`;
  return `${latent.dimensions} numbers, ${latent.aggregate ? `drawn from where codes of images are (${latent.aggregate.split})` : 'standard normal'}`;
}

function aboutOf(card: ModelCard): Markup {
  const { dataset, image, latent, labels, likelihood, training, parity, weights } = card;
  return html`<table class="facts">
${row('Data', `${dataset.title}; ${VARIANTS[dataset.variant]}`)}
${row('Pictures', `${image.width} × ${image.height}, ${image.channels === 1 ? 'grey' : 'colour'}`)}
${latent ? row('Latents', latentWords(card)) : ''}
${labels ? row('Classes', labels.join(', ')) : ''}
${likelihood ? row('p(x|z)', likelihood) : ''}
${row('Made again by', html`<code>${training.command}</code>`)}
${row('Graphs', `differ from the training framework by ${parity.maxAbsDifference.toExponential(1)} at most, on ${parity.images} images; weights in ${weights}`)}
</table>`;
}

function anomalyOf({ anomaly }: ModelCard): Markup | string {
  if (!anomaly) return '';
  const { reached, split } = anomaly.falseAlarms;
  return html`<p class="note">Verdicts of <code>/anomaly</code>, ${split}: ${reached
    .map(
      ({ rate, share, interval }) =>
        `${(100 * share).toFixed(2)} % (95 %: ${interval.map((end) => (100 * end).toFixed(2)).join(' to ')}) called unusual where ${100 * rate} % were asked for`,
    )
    .join('; ')}.</p>`;
}

const figuresOf = (card: ModelCard): Markup => html`<div class="wide-table"><table class="figures">
<thead><tr><th scope="col">Figure</th><th scope="col">Value</th><th scope="col">Measured on</th><th scope="col">How</th></tr></thead>
<tbody>${card.metrics.map(
  (metric) =>
    html`<tr><th scope="row">${metric.name}</th><td><b>${figure(metric)}</b> ${metric.unit}</td><td>${metric.split}</td><td>${metric.protocol}</td></tr>`,
)}</tbody></table></div>${anomalyOf(card)}`;

/** Where pages stand, and what one request may take there. */
export type Place = Bound & { origin: string };

/** `cards`: all that are here, of which those of the same id are other versions. */
export function modelPage(card: ModelCard, cards: readonly ModelCard[], place: Place): Markup {
  const name = nameOf(card);
  const { origin } = place;
  const draws = isAble(card, 'generate');
  const sheet = draws && sheetWithin(card, SAMPLES, place);
  const { dataset, image, files } = card;
  const preview = files.some((file) => file.name === 'preview.png');
  const others = cards.filter((one) => one.id === card.id && one.version !== card.version);
  const picture = sheet
    ? {
        url: new URL(samplesOf(card, sheet), origin),
        alt: `${sheet.n} pictures that ${name} drew`,
        width: sheet.columns * sheet.scale * image.width,
        height: (sheet.n / sheet.columns) * sheet.scale * image.height,
      }
    : undefined;
  return sitePage({
    title: name,
    description: `${card.title}. ${card.description}`,
    current: '/models',
    head: shareTags({
      title: `${card.title} (${name})`,
      description: card.description,
      url: new URL(`/models/${name}`, origin),
      ...(picture ? { image: picture } : {}),
    }),
    body: html`<section class="opening"><p class="note"><a href="/models">Models</a> / ${name}</p>
<h1>${card.title}</h1><p class="lead">${card.description}</p>
${picture ? html`<p><img class="samples" src="${picture.url.pathname}${picture.url.search}" width="${picture.width}" height="${picture.height}" alt="${picture.alt}"></p>` : ''}
<p class="actions">${draws ? html`<a class="button" href="/?model=${name}">Play with it</a>` : ''}<a class="button" href="/models/${name}?format=json">Its card as JSON</a>${others.map((one) => html`<a class="button" href="/models/${nameOf(one)}">${nameOf(one)}</a>`)}</p></section>
<section><h2>What it can do</h2><dl class="abilities">${usesOf(card, origin, place)}</dl></section>
<section><h2>Terms</h2><p>Its pictures are <strong>${USE_WORDS[dataset.use]}</strong>${isFree(card) ? '' : html`: <code>npm run deploy</code> leaves it out unless it is told otherwise`}. ${dataset.title}: ${dataset.terms}${dataset.licence ? ` (${dataset.licence})` : ''}.</p></section>
<section><h2>Figures</h2>${figuresOf(card)}</section>
<section><h2>About it</h2>${aboutOf(card)}${preview ? html`<figure><img class="samples" src="/models/${name}/preview.png" alt="Examples that were drawn when it was exported"><figcaption>Drawn when it was exported.</figcaption></figure>` : ''}</section>
<section><h2>Files</h2><table class="facts">${files.map((file) => row(html`<a href="/models/${name}/${file.name}">${file.name}</a>`, html`${size(file.bytes)}, SHA-256 <code>${file.sha256}</code>`))}</table></section>`,
  });
}
