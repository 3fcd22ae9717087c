// A wall of samples that slowly drifts; choosing one makes it the seed.
import { latentOf } from '../../worker/sampling/latent.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';
import { randomWord } from './sample.ts';

const TILES = 48;
const DRIFT_MILLISECONDS = 700;

export function wallSection(page: Page): void {
  const wall = byId('wall');
  const tiles = Array.from({ length: TILES }, () => {
    const button = document.createElement('button');
    const canvas = document.createElement('canvas');
    button.type = 'button';
    button.className = 'shimmer';
    button.append(canvas);
    const tile = { button, canvas, seed: randomWord() };
    button.addEventListener('click', () => page.choose({ seed: tile.seed }));
    return tile;
  });
  wall.replaceChildren(...tiles.map(({ button }) => button));

  const drawTiles = async (which: typeof tiles) => {
    const { card, temperature, colormap, dreamer } = page.choices;
    const latents = which.map(({ seed }) => latentOf(seed, 0, card.latent.dimensions, temperature));
    const images = await dreamer.decode(card, latents);
    which.forEach(({ button, canvas, seed }, i) => {
      paint(canvas, images[i]!, colormap);
      button.classList.remove('shimmer');
      button.setAttribute('aria-label', `Sample of seed ${seed}; make it mine`);
    });
  };
  const drawAll = latest(() => drawTiles(tiles));
  page.onChange((changed) => {
    if (changed.size > 1 || !changed.has('seed')) void page.attempt(drawAll);
  });
  void page.attempt(drawAll);

  const still = matchMedia('(prefers-reduced-motion: reduce)');
  setInterval(() => {
    const tile = tiles[Math.floor(Math.random() * TILES)]!;
    // A tile under the pointer or the keyboard stays what it is.
    if (document.hidden || still.matches || tile.button.matches(':hover, :focus')) return;
    tile.canvas.classList.add('fresh');
    setTimeout(() => {
      tile.seed = randomWord();
      drawTiles([tile])
        .catch(() => {})
        .finally(() => tile.canvas.classList.remove('fresh'));
    }, 500);
  }, DRIFT_MILLISECONDS);
}
