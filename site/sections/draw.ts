// A drawing pad, and what the model makes of the drawing: encode, decode the mean.
import type { Image } from '../../core/image/image.ts';
import { toModelInput } from '../../core/image/resample.ts';
import { oneHotRow } from '../../core/sampling/label.ts';
import { isAble } from '../../models/able.ts';
import { classesOf } from '../../models/card.ts';
import { labelRows } from '../labels.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';
import { createCode } from './code.ts';
import { createSliders } from './directions.ts';
import { EXAMPLES } from './examples.ts';
import { randomWord } from './sample.ts';
import { showVerdict } from './verdict.ts';

const SIZE = 28;
const PEN_RADIUS = 1.25;
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function drawSection(page: Page): void {
  const pad = byId<HTMLCanvasElement>('pad');
  const rebuilt = byId<HTMLCanvasElement>('rebuilt');
  const caption = byId('rebuilt-caption');
  const ink = new Uint8Array(SIZE * SIZE);
  /** Whether the pad shows an example, which another model may replace by one of its own. */
  let untouched = true;
  let shown = 0;
  let pen = { x: SIZE / 2, y: SIZE / 2, down: false, shown: false };

  /** The pad has the shape of the model's pictures: what is drawn round comes back round. */
  const shape = () => {
    const { width, height } = page.choices.card.image;
    pad.style.aspectRatio = `${width} / ${height}`;
  };
  const showPad = () => {
    paint(pad, { width: SIZE, height: SIZE, channels: 1, pixels: ink }, 'gray');
    if (!pen.shown) return;
    const context = pad.getContext('2d')!;
    context.fillStyle = pen.down ? '#f2b866' : '#8db8ff';
    context.fillRect(Math.floor(pen.x), Math.floor(pen.y), 1, 1);
  };
  const rebuild = latest(async () => {
    const { card, colormap, dreamer } = page.choices;
    byId('draw-section').hidden = !isAble(card, 'encode');
    if (!isAble(card, 'encode')) return;
    const drawing: Image = { width: SIZE, height: SIZE, channels: 1, pixels: ink.slice() };
    const x = toModelInput(drawing, card.image);
    const { latent: seen, label } = await dreamer.encode(card, x, page.choices.label);
    const names = classesOf(card);
    const labels = label === undefined ? undefined : [oneHotRow(label, names!.length)];
    const latent = sliders.move(seen);
    const [[image]] = await Promise.all([
      dreamer.decode(card, [latent], labels),
      showVerdict({ card, dreamer }, x, label),
    ]);
    paint(rebuilt, image!, colormap);
    caption.textContent = label === undefined ? 'its own' : `its own, as ${names![label]}`;
    showCode({ card, latent, label, drawing });
  });
  const showCode = createCode(page);
  const sliders = createSliders(byId('directions'), () => void page.attempt(rebuild));
  sliders.show(page.choices.card);
  const update = () => {
    showPad();
    void page.attempt(rebuild);
  };
  /** A round soft dot. */
  const dot = (x: number, y: number) => {
    for (let py = 0; py < SIZE; py++)
      for (let px = 0; px < SIZE; px++) {
        const distance = Math.hypot(px + 0.5 - x, py + 0.5 - y);
        const shade = Math.round(255 * Math.min(1, Math.max(0, PEN_RADIUS + 0.5 - distance)));
        const at = py * SIZE + px;
        if (shade > ink[at]!) ink[at] = shade;
      }
  };
  const line = (fromX: number, fromY: number, x: number, y: number) => {
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(x - fromX, y - fromY)));
    for (let i = 1; i <= steps; i++)
      dot(fromX + ((x - fromX) * i) / steps, fromY + ((y - fromY) * i) / steps);
  };
  const lineTo = (x: number, y: number) => {
    untouched = false;
    line(pen.x, pen.y, x, y);
  };
  const place = (event: PointerEvent) => {
    const box = pad.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * SIZE,
      ((event.clientY - box.top) / box.height) * SIZE,
    ] as const;
  };

  pad.addEventListener('pointerdown', (event) => {
    pad.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    pen = { x, y, down: true, shown: false };
    dot(x, y);
    update();
  });
  pad.addEventListener('pointermove', (event) => {
    if (!pen.down || pen.shown) return;
    const [x, y] = place(event);
    lineTo(x, y);
    pen = { ...pen, x, y };
    update();
  });
  const lift = () => {
    if (!pen.shown) pen = { ...pen, down: false };
  };
  pad.addEventListener('pointerup', lift);
  pad.addEventListener('pointercancel', lift);
  pad.addEventListener('keydown', (event) => {
    const step = KEYS[event.key];
    if (!step && event.key !== ' ') return;
    event.preventDefault();
    if (step) {
      const [x, y] = [pen.x + step[0], pen.y + step[1]].map((c) => Math.min(SIZE - 1, Math.max(1, c))) as [
        number,
        number,
      ];
      if (pen.down) lineTo(x, y);
      pen = { ...pen, x, y, shown: true };
    } else {
      pen = { ...pen, down: !pen.down, shown: true };
      if (pen.down) dot(pen.x, pen.y);
    }
    update();
  });
  pad.addEventListener('focus', () => {
    pen = { ...pen, shown: pad.matches(':focus-visible') };
    showPad();
  });
  pad.addEventListener('blur', () => {
    pen = { ...pen, down: false, shown: false };
    showPad();
  });
  byId('clear').addEventListener('click', () => {
    ink.fill(0);
    untouched = false;
    update();
  });
  /** Digits are drawn; what has no strokes here is a sample of the model. */
  const example = async () => {
    const { card, dreamer } = page.choices;
    untouched = true;
    if (card.labels?.every((label) => /^\d$/.test(label))) {
      ink.fill(0);
      for (const stroke of EXAMPLES[shown++ % EXAMPLES.length]!)
        stroke.slice(1).forEach(([x, y], i) => {
          line(stroke[i]![0], stroke[i]![1], x, y);
        });
      return update();
    }
    const seed = randomWord();
    const latents = await dreamer.draw(card, [seed], 0.9);
    const [image] = await dreamer.decode(card, latents, labelRows(page.choices, [seed]));
    const input = toModelInput(image!, { width: SIZE, height: SIZE, channels: 1 });
    ink.set(input.map((value) => Math.round(255 * value)));
    update();
  };
  byId('example').addEventListener('click', () => void page.attempt(example));
  page.onChange((changed) => {
    if (changed.has('card')) {
      shape();
      sliders.show(page.choices.card);
    }
    if (changed.has('card') && untouched) void page.attempt(example);
    else if (changed.has('card') || changed.has('dreamer') || changed.has('colormap') || changed.has('label'))
      void page.attempt(rebuild);
  });
  shape();
  void page.attempt(example);
}
