// Test images where the encoder puts them, on the plane along which they spread most: the one under the pointer, and
// those that are nearest to it in all latents, drawn from their codes.
import { preferred } from '../../core/featured.ts';
import { oneHotRow } from '../../core/sampling/label.ts';
import { isAble } from '../../models/able.ts';
import { classesOf, isGaussianVae } from '../../models/card.ts';
import type { EncodedImages } from '../../models/encoded.ts';
import { nameOf } from '../../models/model-id.ts';
import { type Cloud, cloudOf, nearest, SIDE, stepFrom, under } from '../cloud.ts';
import { modelLink } from '../model-link.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';
import { createDots } from './dots.ts';
import { ARROWS } from './manifold.ts';

const FINER = 8;

const isCloudy = (card: Page['choices']['cards'][number]): card is Cloud['card'] =>
  card.encoded !== undefined && isGaussianVae(card);

/** The model of the page where it has such a file, else one of the same data, else another. */
function modelOf({ card, cards }: Page['choices']): Cloud['card'] | undefined {
  const all = preferred(cards.filter(isCloudy), 'encode');
  return (
    all.find((one) => nameOf(one) === nameOf(card)) ??
    all.find(({ dataset }) => dataset.id === card.dataset.id) ??
    all[0]
  );
}

export function encodedSection(page: Page): void {
  const section = byId('encoded-section');
  const map = byId('encoded-map');
  const picture = byId<HTMLCanvasElement>('encoded-picture');
  const caption = byId('encoded-caption');
  const small = [...byId('encoded-neighbours').querySelectorAll('canvas')];
  const dots = createDots(map, byId('encoded-classes'));
  const clouds = new Map<string, Promise<Cloud>>();
  let cloud: Cloud | undefined;
  let image = 0;

  const fetchCloud = (card: Cloud['card']): Promise<Cloud> => {
    const address = `/models/${nameOf(card)}/${card.encoded.file}`;
    const known = clouds.get(address);
    if (known) return known;
    const fetched = fetch(address).then(async (response) => {
      if (!response.ok) throw new Error(`${address} answers ${response.status}`);
      return cloudOf(card, (await response.json()) as EncodedImages);
    });
    fetched.catch(() => clouds.delete(address));
    clouds.set(address, fetched);
    return fetched;
  };
  const className = ({ card, labels }: Cloud, n: number): string =>
    labels ? (card.labels?.[labels[n]!] ?? String(labels[n])) : '';

  const drawPoint = latest(async () => {
    if (!cloud) return;
    const shown = cloud;
    const { card, means, labels } = shown;
    if (!isAble(card, 'generate')) return;
    const all = [image, ...nearest(shown, image)];
    const classes = classesOf(card)?.length;
    const pictures = await page.choices.dreamer.decode(
      card,
      all.map((n) => means[n]!),
      classes && labels ? all.map((n) => oneHotRow(labels[n]!, classes)) : undefined,
    );
    paint(picture, pictures[0]!, page.choices, FINER);
    small.forEach((canvas, i) => {
      const other = pictures[i + 1];
      canvas.hidden = !other;
      if (other) paint(canvas, other, page.choices);
      canvas.setAttribute(
        'aria-label',
        `Nearest, ${i + 1}: ${other ? className(shown, all[i + 1]!) : 'none'}`,
      );
    });
    const names = all.map((n) => className(shown, n));
    caption.textContent = labels
      ? `test image ${all[0]}: ${names[0]}; nearest to it: ${names.slice(1).join(', ')}`
      : `test image ${all[0]}`;
  });
  const mark = () => dots.mark(cloud!.points[image]!);
  const go = (to: number) => {
    if (to === image) return;
    image = to;
    mark();
    void page.attempt(drawPoint);
  };

  const describe = ({ card, labels }: Cloud) => {
    const { encoded, latent } = card;
    const { explained, split } = encoded;
    const [count] = /\d+/.exec(split) ?? [String(encoded.images)];
    const percent = Math.round(100 * (explained[0] + explained[1]));
    const told = classesOf(card)
      ? ' It is told the class of each, so that what is left to say need not tell them apart.'
      : ' Nobody told it the classes that the colours stand for.';
    byId('encoded-note').replaceChildren(
      `${count} images that it never learned from, each where `,
      modelLink(card),
      latent.dimensions === 2
        ? ' puts it: its two numbers are all of the plane.'
        : ` puts it among its ${latent.dimensions} numbers, seen along the two directions in which they spread most, which are ${percent} % of it all.`,
      labels ? told : '',
      ' Move over them, or focus them and use the arrow keys: the picture is what it draws of the code, the small ones are the nearest in all its numbers.',
    );
  };
  const draw = latest(async () => {
    const card = modelOf(page.choices);
    if (!card) return;
    const next = await fetchCloud(card);
    if (next !== cloud) {
      cloud = next;
      image = under(next, SIDE / 2, SIDE / 2);
      describe(next);
      dots.show(next);
      mark();
    }
    await drawPoint();
  });
  const drawSoon = page.whenSeen(section, draw);
  const prepare = () => {
    section.hidden = !modelOf(page.choices);
  };
  for (const type of ['pointerdown', 'pointermove'] as const)
    map.addEventListener(type, (event) => {
      if (!cloud) return;
      const { left, top, width, height } = map.getBoundingClientRect();
      go(under(cloud, ((event.clientX - left) / width) * SIDE, ((event.clientY - top) / height) * SIDE));
    });
  map.addEventListener('keydown', (event) => {
    const step = ARROWS[event.key];
    if (!step || !cloud) return;
    event.preventDefault();
    go(stepFrom(cloud, image, step));
  });
  page.onChange((changed) => {
    prepare();
    if ((['card', 'colormap', 'scaling', 'dreamer'] as const).some((one) => changed.has(one))) drawSoon();
  });
  prepare();
  drawSoon();
}
