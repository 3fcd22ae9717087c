// The path between two seeds: all of its pictures are fetched at once, then dragging is free.
import type { Image } from '../../core/image/image.ts';
import { interpolateLatents } from '../../core/latents/interpolate.ts';
import { lerp } from '../../core/latents/paths.ts';
import { labelRows } from '../labels.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';

const STEPS = 33;
const STRIP = 9;

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
    if (image) paint(canvas, image, page.choices.colormap);
    position.setAttribute(
      'aria-valuetext',
      `${Math.round((100 * at) / (STEPS - 1))} per cent of the way from ${from.value} to ${to.value}`,
    );
  };
  const load = latest(async () => {
    const { card, temperature, colormap, dreamer } = page.choices;
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
      paint(small, images[(i * (STEPS - 1)) / (STRIP - 1)]!, colormap);
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
  for (const input of [from, to]) input.addEventListener('input', () => void page.attempt(load));
  page.onChange((changed) => {
    if (changed.has('seed')) from.value = page.choices.seed;
    void page.attempt(load);
  });
  void page.attempt(load);
}
