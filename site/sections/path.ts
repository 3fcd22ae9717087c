// The path between two seeds: all of its pictures are fetched at once, then dragging is free.
import type { Image } from '../../core/image/image.ts';
import { interpolateLatents } from '../../core/latents/interpolate.ts';
import { lerp } from '../../core/latents/paths.ts';
import { labelRows } from '../labels.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';

const STEPS = 33;
const STRIP = 9;
const FINER = 8;

/** What the path is drawn by. */
const DRAWN_BY = ['card', 'seed', 'to', 'label', 'temperature', 'colormap', 'scaling', 'dreamer'] as const;

export function pathSection(page: Page): void {
  const [from, to] = [byId<HTMLInputElement>('from'), byId<HTMLInputElement>('to')];
  const position = byId<HTMLInputElement>('path-position');
  const canvas = byId<HTMLCanvasElement>('path-picture');
  const strip = Array.from({ length: STRIP }, () => {
    const small = document.createElement('canvas');
    small.className = 'shimmer';
    small.width = small.height = 1;
    return small;
  });
  byId('strip').replaceChildren(...strip);
  let images: Image[] = [];

  const show = () => {
    const at = Number(position.value);
    const image = images[at];
    if (image) paint(canvas, image, page.choices, FINER);
    position.setAttribute(
      'aria-valuetext',
      `${Math.round((100 * at) / (STEPS - 1))} per cent of the way from ${from.value} to ${to.value}`,
    );
  };
  const load = latest(async () => {
    const { card, temperature, dreamer } = page.choices;
    const seeds = [from.value, to.value];
    const [a, b] = await dreamer.draw(card, seeds, temperature);
    const shares = Array.from({ length: STEPS }, (_, i) => i / (STEPS - 1));
    const [first, last] = labelRows(page.choices, seeds) ?? [];
    images = await dreamer.decode(
      card,
      shares.map((t) => interpolateLatents(card.latent, a!, b!, t, { seed: seeds[0]! })),
      first && last && shares.map((t) => lerp(first, last, t)),
    );
    strip.forEach((small, i) => {
      paint(small, images[(i * (STEPS - 1)) / (STRIP - 1)]!, page.choices);
    });
    show();
  });
  position.addEventListener('input', show);
  // The strip is a larger handle of the same slider; the keyboard has the slider itself.
  const drag = (event: PointerEvent) => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const { left, width } = byId('strip').getBoundingClientRect();
    position.value = String(Math.round((STEPS - 1) * ((event.clientX - left) / width)));
    show();
  };
  byId('strip').addEventListener('pointerdown', (event) => {
    byId('strip').setPointerCapture(event.pointerId);
    drag(event);
  });
  byId('strip').addEventListener('pointermove', drag);
  from.addEventListener('input', () => page.choose({ seed: from.value }));
  to.addEventListener('input', () => page.choose({ to: to.value }));
  const showSeeds = () => {
    if (from.value !== page.choices.seed) from.value = page.choices.seed;
    if (to.value !== page.choices.to) to.value = page.choices.to;
  };
  const loadSoon = page.whenSeen(byId('path-section'), load);
  page.onChange((changed) => {
    showSeeds();
    if (DRAWN_BY.some((choice) => changed.has(choice))) loadSoon();
  });
  showSeeds();
  loadSoon();
}
