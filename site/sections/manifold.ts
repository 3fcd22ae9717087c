// The latent plane of a two-dimensional model: a map of what it can say, and the point under the pointer.
import { sheet } from '../../core/image/compose.ts';
import { manifoldGrid, planePoint } from '../../core/latents/grids.ts';
import { isAble } from '../../models/able.ts';
import { classesOf } from '../../models/card.ts';
import { isPlane } from '../../models/latent.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';

const MAP_SIZE = 16;
/** Share of the map that one press of an arrow key moves. */
const KEY_STEP = 1 / 64;
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function manifoldSection(page: Page): void {
  const plane = page.choices.cards
    .filter((card) => isAble(card, 'generate'))
    .findLast((card) => isPlane(card.latent) && !classesOf(card));
  const latent = plane?.latent;
  byId('manifold-section').hidden = !plane;
  if (!plane || !latent || !isPlane(latent)) return;
  byId('map-model').textContent = `${plane.id}@${plane.version}`;
  const map = byId('map');
  const point = byId('map-point');
  const picture = byId<HTMLCanvasElement>('map-picture');
  const caption = byId('map-caption');
  let [u, v] = [0.5, 0.5];

  const drawMap = latest(async () => {
    const images = await page.choices.dreamer.decode(plane, manifoldGrid(latent, MAP_SIZE), undefined);
    paint(byId<HTMLCanvasElement>('map-canvas'), sheet(images, MAP_SIZE), page.choices.colormap);
  });
  const drawPoint = latest(async () => {
    const z = planePoint(latent, u, v);
    const [image] = await page.choices.dreamer.decode(plane, [z], undefined);
    paint(picture, image!, page.choices.colormap);
    caption.textContent = `z = (${z[0]!.toFixed(2)}, ${z[1]!.toFixed(2)})`;
  });
  const moveTo = (x: number, y: number) => {
    // The edges of the map are at infinity.
    [u, v] = [x, y].map((share) => Math.min(0.999, Math.max(0.001, share))) as [number, number];
    point.style.left = `${100 * u}%`;
    point.style.top = `${100 * v}%`;
    void page.attempt(drawPoint);
  };
  // A tap moves nothing: it is a press alone.
  for (const type of ['pointerdown', 'pointermove'] as const)
    map.addEventListener(type, (event) => {
      const box = map.getBoundingClientRect();
      moveTo((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
  map.addEventListener('keydown', (event) => {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    moveTo(u + step[0] * KEY_STEP, v + step[1] * KEY_STEP);
  });
  page.onChange((changed) => {
    if (!changed.has('dreamer') && !changed.has('colormap')) return;
    void page.attempt(drawMap);
    void page.attempt(drawPoint);
  });
  void page.attempt(drawMap);
  moveTo(0.5, 0.5);
}
