// A wall of samples that slowly drifts; choosing one makes it the seed. One tab stop; arrow keys walk from tile
// to tile.
import type { Image } from '../../core/image/image.ts';
import { labelRows } from '../labels.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';
import { randomWord } from './sample.ts';

const TILES = 48;
const DRIFT_MILLISECONDS = 700;

/** What the samples are drawn by: the seed is of one picture alone. */
const DRAWN_BY = ['card', 'label', 'temperature', 'colormap', 'scaling', 'dreamer'] as const;

type Sample = { seed: string; image: Image };
type Tile = { button: HTMLButtonElement; canvas: HTMLCanvasElement; seed: string };

function createTile(seed: string): Tile {
  const button = document.createElement('button');
  const canvas = document.createElement('canvas');
  button.type = 'button';
  button.tabIndex = -1;
  canvas.className = 'shimmer';
  // A square, until its picture has the shape of the model's.
  canvas.width = canvas.height = 1;
  button.append(canvas);
  return { button, canvas, seed };
}

/** Left, right, up, down, first and last, in a grid of as many columns as there is room for. */
function walk(wall: HTMLElement, buttons: readonly HTMLButtonElement[]): void {
  buttons[0]!.tabIndex = 0;
  const goTo = (button: HTMLButtonElement) => {
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
  };
  wall.addEventListener('focusin', (event) => goTo(event.target as HTMLButtonElement));
  wall.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const columns = buttons.findIndex(({ offsetTop }) => offsetTop > buttons[0]!.offsetTop);
    const to = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  });
}

export function wallSection(page: Page): void {
  const wall = byId('wall');
  const tiles = Array.from({ length: TILES }, () => createTile(randomWord()));
  wall.replaceChildren(...tiles.map(({ button }) => button));
  walk(
    wall,
    tiles.map(({ button }) => button),
  );

  const mark = () => {
    for (const { button, seed } of tiles)
      button.setAttribute('aria-pressed', String(seed === page.choices.seed));
  };
  const show = (tile: Tile, { seed, image }: Sample) => {
    tile.seed = seed;
    paint(tile.canvas, image, page.choices);
    tile.button.setAttribute('aria-label', `Sample of seed ${seed}; make it mine`);
  };
  const dream = async (seeds: readonly string[]): Promise<Sample[]> => {
    const { card, temperature, dreamer } = page.choices;
    const latents = await dreamer.draw(card, seeds, temperature);
    const images = await dreamer.decode(card, latents, labelRows(page.choices, seeds));
    return seeds.map((seed, i) => ({ seed, image: images[i]! }));
  };

  /** Samples that wait for their turn: one request brings many. They are of the choices that hold now. */
  let waiting: Sample[] = [];
  let choices = 0;
  const drawAll = latest(async () => {
    const samples = await dream(tiles.map(({ seed }) => seed));
    tiles.forEach((tile, i) => {
      show(tile, samples[i]!);
    });
    mark();
  });
  const drawSoon = page.whenSeen(wall, drawAll);
  page.onChange((changed) => {
    if (changed.has('seed')) mark();
    if (!DRAWN_BY.some((choice) => changed.has(choice))) return;
    waiting = [];
    choices += 1;
    drawSoon();
  });
  for (const tile of tiles) tile.button.addEventListener('click', () => page.choose({ seed: tile.seed }));
  drawSoon();

  const refill = latest(async () => {
    const before = choices;
    const samples = await dream(Array.from({ length: TILES }, randomWord));
    if (before === choices) waiting = samples;
  });
  // Who wants less motion begins with a wall that rests, and may wake it.
  const pause = byId('pause');
  let resting = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const showPause = () => {
    pause.textContent = resting ? 'Let it drift' : 'Pause';
    pause.setAttribute('aria-pressed', String(resting));
  };
  pause.addEventListener('click', () => {
    resting = !resting;
    showPause();
  });
  showPause();
  setInterval(() => {
    const tile = tiles[Math.floor(Math.random() * TILES)]!;
    const { top, bottom } = wall.getBoundingClientRect();
    // A tile under the pointer or the keyboard, or the one that was chosen, stays what it is.
    const held = tile.button.matches(':hover, :focus, [aria-pressed=true], :has(.shimmer)');
    if (resting || document.hidden || held || bottom < 0 || top > innerHeight) return;
    const next = waiting.pop();
    if (!next) return void refill().catch(() => {});
    const before = choices;
    tile.canvas.classList.add('fresh');
    setTimeout(() => {
      if (before === choices) show(tile, next);
      tile.canvas.classList.remove('fresh');
    }, 500);
  }, DRIFT_MILLISECONDS);
}
