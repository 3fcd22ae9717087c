// A map of latents: all of a model of two numbers, else the plane through three seeds, which is what GET /manifold gives.
// The point under the pointer is decoded.
import type { Image } from '../../core/image/image.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { manifoldGrid, planeGrid, planePoint } from '../../core/latents/grids.ts';
import { isContinuous, isPlane } from '../../models/latent.ts';
import { labelRows } from '../labels.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint, paintSheet } from '../paint.ts';

const MAP_SIZE = 12;
/** Share of the map that one press of an arrow key moves. */
const KEY_STEP = 1 / 64;
export const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const DRAWN_BY = ['card', 'seed', 'to', 'down', 'label', 'colormap', 'scaling', 'dreamer'] as const;

/** The latents of a map, all of them and the one at a point; nothing of latents that have no plane. */
function planeOf({ card, seed, to, down }: Page['choices']) {
  const { latent } = card;
  if (isPlane(latent))
    return { grid: manifoldGrid(latent, MAP_SIZE), at: (u: number, v: number) => planePoint(latent, u, v) };
  if (!isContinuous(latent)) return undefined;
  const [a, b, c] = [seed, to, down].map((one) => drawLatent(latent, one, 0)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return {
    grid: planeGrid(a, b, c, MAP_SIZE),
    at: (u: number, v: number) => a.map((value, d) => value + (b[d]! - value) * u + (c[d]! - value) * v),
  };
}

export function manifoldSection(page: Page): void {
  const map = byId('map');
  const point = byId('map-point');
  const picture = byId<HTMLCanvasElement>('map-picture');
  const [right, down] = [byId<HTMLInputElement>('map-right'), byId<HTMLInputElement>('map-down')];
  let [u, v] = [0.5, 0.5];

  /** One class for all of the map: that of the seed at the top left. */
  const decode = async (latents: readonly Float32Array[]): Promise<Image[]> => {
    const { card, dreamer, seed } = page.choices;
    const [row] = labelRows(page.choices, [seed]) ?? [];
    return dreamer.decode(card, latents, row && latents.map(() => row));
  };
  const drawPoint = latest(async () => {
    const z = planeOf(page.choices)?.at(u, v);
    if (!z) return;
    const [image] = await decode([z]);
    paint(picture, image!, page.choices, 8);
    byId('map-caption').textContent = isPlane(page.choices.card.latent)
      ? `z = (${z[0]!.toFixed(2)}, ${z[1]!.toFixed(2)})`
      : `${Math.round(100 * u)} % right, ${Math.round(100 * v)} % down`;
  });
  const drawMap = latest(async () => {
    const plane = planeOf(page.choices);
    if (!plane) return;
    paintSheet(byId<HTMLCanvasElement>('map-canvas'), await decode(plane.grid), MAP_SIZE, page.choices);
    await drawPoint();
  });
  const drawSoon = page.whenSeen(byId('manifold-section'), drawMap);
  const describe = () => {
    const { card, seed, to, down: third } = page.choices;
    byId('manifold-section').hidden = !isContinuous(card.latent);
    byId('map-corners').hidden = isPlane(card.latent);
    byId('map-note').textContent = isPlane(card.latent)
      ? 'This model has two numbers to say everything with: this is all of it, by equal shares of what it draws. Move over the map, or focus it and use the arrow keys, and each point is decoded as you reach it.'
      : `The flat sheet through three seeds: “${seed}” at the top left, and two of your choice. Move over the map, or focus it and use the arrow keys, and each point is decoded as you reach it.`;
    if (right.value !== to) right.value = to;
    if (down.value !== third) down.value = third;
  };
  const moveTo = (x: number, y: number) => {
    // The edges of the map of a whole model are at infinity.
    [u, v] = [x, y].map((share) => Math.min(0.999, Math.max(0.001, share))) as [number, number];
    point.style.left = `${100 * u}%`;
    point.style.top = `${100 * v}%`;
  };
  const go = (x: number, y: number) => {
    moveTo(x, y);
    void page.attempt(drawPoint);
  };
  // A tap moves nothing: it is a press alone.
  for (const type of ['pointerdown', 'pointermove'] as const)
    map.addEventListener(type, (event) => {
      const box = map.getBoundingClientRect();
      go((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
  map.addEventListener('keydown', (event) => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    go(u + step[0] * KEY_STEP, v + step[1] * KEY_STEP);
  });
  right.addEventListener('input', () => page.choose({ to: right.value }));
  down.addEventListener('input', () => page.choose({ down: down.value }));
  page.onChange((changed) => {
    describe();
    if (DRAWN_BY.some((choice) => changed.has(choice))) drawSoon();
  });
  moveTo(0.5, 0.5);
  describe();
  drawSoon();
}
