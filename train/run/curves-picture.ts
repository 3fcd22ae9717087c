// Learning curves as pixels, for where an SVG cannot be shown: the same panels on the same axes.
import type { Image } from '../../core/image/image.ts';
import { textImage } from '../../core/image/text.ts';
import { logTicks, ticks } from '../../figures/frame.ts';
import { THEMES } from '../../figures/theme.ts';
import { type Curves, curvePanels, headingOf, type PlacedPanel, placePanels } from './curves.ts';

const THEME = THEMES.light;
/** Drawn so many times as large, then averaged: smooth lines without arithmetic of their own. */
const FINE = 2;
const DASH = 6;

type Rgb = [red: number, green: number, blue: number];
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;

type Canvas = Image & { channels: 3 };

function dot({ width, height, pixels }: Canvas, x: number, y: number, size: number, colour: Rgb): void {
  const [left, top] = [Math.round(x - size / 2), Math.round(y - size / 2)];
  for (let row = Math.max(0, top); row < Math.min(height, top + size); row++)
    for (let column = Math.max(0, left); column < Math.min(width, left + size); column++) {
      const at = 3 * (row * width + column);
      pixels[at] = colour[0];
      pixels[at + 1] = colour[1];
      pixels[at + 2] = colour[2];
    }
}

/** A line as dots; `dashed` leaves every other stretch out, counted from the start of the whole curve. */
function curve(
  canvas: Canvas,
  points: readonly (readonly [number, number])[],
  size: number,
  colour: Rgb,
  dashed = false,
): void {
  let along = 0;
  points.forEach(([x, y], i) => {
    const [nextX, nextY] = points[i + 1] ?? [x, y];
    const length = Math.hypot(nextX - x, nextY - y);
    const steps = Math.max(1, Math.ceil(length));
    for (let k = 0; k <= steps; k++) {
      const at = along + (k / steps) * length;
      if (dashed && Math.floor(at / (DASH * FINE)) % 2 === 1) continue;
      dot(canvas, x + (k / steps) * (nextX - x), y + (k / steps) * (nextY - y), size, colour);
    }
    along += length;
  });
}

/** Writes dark on the canvas what is dark of a picture of text; `x` is its left end, or its right end. */
function write(canvas: Canvas, text: string, x: number, y: number, end: 'left' | 'right' = 'left'): void {
  const ink = rgbOf(THEME.text);
  // A minus sign is no ASCII.
  const plain = text.replaceAll('−', '-');
  const picture = textImage(plain, { columns: plain.length, scale: FINE });
  const left = Math.round(end === 'left' ? x : x - picture.width);
  for (let row = 0; row < picture.height; row++)
    for (let column = 0; column < picture.width; column++)
      if (picture.pixels[row * picture.width + column]! < 128) dot(canvas, left + column, y + row, 1, ink);
}

function drawPanel(canvas: Canvas, { panel, frame, x, y }: PlacedPanel): void {
  const place = (dx: number, dy: number) => [FINE * (x + dx), FINE * (y + dy)] as const;
  const { left, right, width, height, bottom } = frame;
  const floor = height - bottom;
  write(canvas, panel.title, ...place(left - 6, 0));
  for (const value of ticks(frame.values)) {
    const at = frame.toY(value);
    curve(canvas, [place(left, at), place(width - right, at)], 1, rgbOf(THEME.faint));
    write(canvas, String(value), ...place(left, at - 10), 'right');
  }
  curve(canvas, [place(left, floor), place(width - right, floor)], 1, rgbOf(THEME.soft));
  for (const { at, power } of logTicks(frame.samples)) {
    const across = frame.toX(at);
    curve(
      canvas,
      [place(across, floor), place(across, floor + (power === undefined ? 3 : 6))],
      1,
      rgbOf(THEME.soft),
    );
    if (power !== undefined) write(canvas, String(10 ** power), ...place(across - 10, floor + 4));
  }
  for (const { points, colour, dashed } of panel.series)
    curve(
      canvas,
      points.map(([epoch, value]) => place(frame.toX(epoch), frame.toY(value))),
      2 * FINE,
      rgbOf(THEME.colours[colour % THEME.colours.length]!),
      dashed,
    );
}

/** Means of squares of `FINE` × `FINE` pixels. */
function smaller({ width, height, pixels }: Canvas): Image {
  const [columns, rows] = [width / FINE, height / FINE];
  const out = new Uint8Array(3 * columns * rows);
  const stride = 3 * width;
  let to = 0;
  for (let y = 0; y < rows; y++)
    for (let from = FINE * y * stride, x = 0; x < columns; x++, from += 3 * FINE)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let dy = 0; dy < FINE; dy++)
          for (let dx = 0; dx < FINE; dx++) sum += pixels[from + dy * stride + 3 * dx + c]!;
        out[to++] = sum / FINE ** 2;
      }
  return { width: columns, height: rows, channels: 3, pixels: out };
}

export function curvesPicture(runs: readonly Curves[]): Image {
  const { width, height, placed } = placePanels(curvePanels(runs));
  const canvas: Canvas = {
    width: FINE * width,
    height: FINE * height,
    channels: 3,
    pixels: new Uint8Array(3 * FINE * width * FINE * height).fill(255),
  };
  write(canvas, headingOf(runs), 6 * FINE, 6 * FINE);
  for (const one of placed) drawPanel(canvas, one);
  return smaller(canvas);
}
