// A pad to draw on: by pointer, by touch, and by keyboard (arrows move the pen, space puts it down or lifts it).
import type { Image } from '../core/image/image.ts';
import { type Look, paint } from './paint.ts';
import { ARROWS } from './sections/manifold.ts';

export const PAD_SIZE = 28;
const PEN_RADIUS = 1.25;
const PEN_COLOURS = { down: '#f2b866', up: '#8db8ff' };

/** Points in pixels of the pad. */
export type Stroke = readonly (readonly [x: number, y: number])[];

export type Pad = {
  /** The drawing as it is, [28, 28], one channel. */
  image(): Image;
  /** Whether somebody drew on it since it was last set. */
  touched(): boolean;
  clear(): void;
  /** Replaces the drawing. */
  set(pixels: ArrayLike<number>): void;
  draw(strokes: readonly Stroke[]): void;
  /** Shows the drawing anew, as the look of the page is now. */
  show(): void;
};

/** `onDraw` is told of every change that somebody makes; `look` says how the page shows pictures. */
export function createPad(canvas: HTMLCanvasElement, look: () => Look, onDraw: () => void): Pad {
  const ink = new Uint8Array(PAD_SIZE * PAD_SIZE);
  let touched = false;
  let pen = { x: PAD_SIZE / 2, y: PAD_SIZE / 2, down: false, shown: false };

  const image = (): Image => ({ width: PAD_SIZE, height: PAD_SIZE, channels: 1, pixels: ink.slice() });
  const show = () => {
    paint(canvas, image(), look());
    if (!pen.shown) return;
    const context = canvas.getContext('2d')!;
    const size = canvas.width / PAD_SIZE;
    context.fillStyle = pen.down ? PEN_COLOURS.down : PEN_COLOURS.up;
    context.fillRect(Math.floor(pen.x) * size, Math.floor(pen.y) * size, size, size);
  };
  /** A round soft dot. */
  const dot = (x: number, y: number) => {
    for (let py = 0; py < PAD_SIZE; py++)
      for (let px = 0; px < PAD_SIZE; px++) {
        const distance = Math.hypot(px + 0.5 - x, py + 0.5 - y);
        const shade = Math.round(255 * Math.min(1, Math.max(0, PEN_RADIUS + 0.5 - distance)));
        const at = py * PAD_SIZE + px;
        if (shade > ink[at]!) ink[at] = shade;
      }
  };
  const line = (fromX: number, fromY: number, x: number, y: number) => {
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(x - fromX, y - fromY)));
    for (let i = 1; i <= steps; i++)
      dot(fromX + ((x - fromX) * i) / steps, fromY + ((y - fromY) * i) / steps);
  };
  const changed = () => {
    touched = true;
    show();
    onDraw();
  };
  const place = (event: PointerEvent) => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * PAD_SIZE,
      ((event.clientY - box.top) / box.height) * PAD_SIZE,
    ] as const;
  };

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    pen = { x, y, down: true, shown: false };
    dot(x, y);
    changed();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!pen.down || pen.shown) return;
    const [x, y] = place(event);
    line(pen.x, pen.y, x, y);
    pen = { ...pen, x, y };
    changed();
  });
  const lift = () => {
    if (!pen.shown) pen = { ...pen, down: false };
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('keydown', (event) => {
    const step = ARROWS[event.key];
    if (!step && event.key !== ' ') return;
    event.preventDefault();
    if (step) {
      const [x, y] = [pen.x + step[0], pen.y + step[1]].map((c) =>
        Math.min(PAD_SIZE - 1, Math.max(1, c)),
      ) as [number, number];
      if (pen.down) line(pen.x, pen.y, x, y);
      pen = { ...pen, x, y, shown: true };
    } else {
      pen = { ...pen, down: !pen.down, shown: true };
      if (pen.down) dot(pen.x, pen.y);
    }
    if (pen.down) changed();
    else show();
  });
  canvas.addEventListener('focus', () => {
    pen = { ...pen, shown: canvas.matches(':focus-visible') };
    show();
  });
  canvas.addEventListener('blur', () => {
    pen = { ...pen, down: false, shown: false };
    show();
  });

  return {
    image,
    touched: () => touched,
    clear() {
      ink.fill(0);
      changed();
    },
    set(pixels) {
      ink.set(pixels);
      touched = false;
      show();
    },
    draw(strokes) {
      ink.fill(0);
      for (const stroke of strokes)
        stroke.slice(1).forEach(([x, y], i) => {
          line(stroke[i]![0], stroke[i]![1], x, y);
        });
      touched = false;
      show();
    },
    show,
  };
}
