// Digits that the project draws itself from strokes of its own: 28×28, labelled, made in seconds.
import { createStream, type Stream } from '../../core/sampling/stream.ts';
import type { DataSet, Images } from './data-set.ts';

type Point = readonly [number, number];

/** A smooth curve through points, on a page from (0, 0) at the top left to (1, 1.4) at the bottom right. */
type Stroke = readonly Point[];

/** Ways to write each digit. */
const DIGITS: readonly (readonly (readonly Stroke[])[])[] = [
  [
    [
      [
        [0.5, 0],
        [0.12, 0.2],
        [0, 0.7],
        [0.14, 1.2],
        [0.5, 1.4],
        [0.88, 1.2],
        [1, 0.7],
        [0.86, 0.2],
        [0.5, 0],
      ],
    ],
    [
      [
        [0.62, 0.02],
        [0.25, 0.18],
        [0.06, 0.75],
        [0.22, 1.3],
        [0.55, 1.36],
        [0.9, 0.95],
        [0.9, 0.4],
        [0.62, 0.02],
        [0.4, 0.1],
      ],
    ],
  ],
  [
    [
      [
        [0.5, 0],
        [0.5, 0.7],
        [0.5, 1.4],
      ],
    ],
    [
      [
        [0.22, 0.32],
        [0.42, 0.16],
        [0.56, 0],
        [0.56, 0.7],
        [0.54, 1.4],
      ],
    ],
    [
      [
        [0.22, 0.3],
        [0.52, 0],
        [0.52, 0.7],
        [0.52, 1.4],
      ],
      [
        [0.2, 1.4],
        [0.52, 1.4],
        [0.84, 1.4],
      ],
    ],
  ],
  [
    [
      [
        [0.06, 0.34],
        [0.2, 0.06],
        [0.56, 0],
        [0.88, 0.2],
        [0.86, 0.52],
        [0.5, 0.92],
        [0.04, 1.38],
      ],
      [
        [0.04, 1.38],
        [0.5, 1.36],
        [0.98, 1.36],
      ],
    ],
    [
      [
        [0.08, 0.28],
        [0.4, 0],
        [0.84, 0.16],
        [0.8, 0.6],
        [0.42, 1.08],
        [0.1, 1.32],
        [0.12, 1.12],
        [0.4, 1.14],
        [0.66, 1.36],
        [0.98, 1.3],
      ],
    ],
  ],
  [
    [
      [
        [0.06, 0.14],
        [0.42, 0],
        [0.82, 0.12],
        [0.82, 0.46],
        [0.4, 0.66],
      ],
      [
        [0.4, 0.66],
        [0.86, 0.78],
        [0.94, 1.12],
        [0.6, 1.4],
        [0.04, 1.28],
      ],
    ],
    [
      [
        [0.08, 0.02],
        [0.5, 0.02],
        [0.9, 0.02],
      ],
      [
        [0.9, 0.02],
        [0.66, 0.32],
        [0.42, 0.6],
      ],
      [
        [0.42, 0.6],
        [0.86, 0.74],
        [0.92, 1.12],
        [0.54, 1.4],
        [0.06, 1.24],
      ],
    ],
  ],
  [
    [
      [
        [0.64, 0],
        [0.34, 0.5],
        [0.02, 0.96],
      ],
      [
        [0.02, 0.96],
        [0.5, 0.94],
        [1, 0.94],
      ],
      [
        [0.72, 0.48],
        [0.72, 0.94],
        [0.7, 1.4],
      ],
    ],
    [
      [
        [0.12, 0.04],
        [0.08, 0.4],
        [0.14, 0.68],
        [0.5, 0.72],
        [0.86, 0.64],
      ],
      [
        [0.86, 0],
        [0.84, 0.7],
        [0.82, 1.4],
      ],
    ],
  ],
  [
    [
      [
        [0.88, 0.02],
        [0.5, 0.02],
        [0.18, 0.04],
      ],
      [
        [0.18, 0.04],
        [0.14, 0.32],
        [0.1, 0.6],
      ],
      [
        [0.1, 0.6],
        [0.5, 0.5],
        [0.9, 0.72],
        [0.92, 1.12],
        [0.54, 1.4],
        [0.06, 1.26],
      ],
    ],
    [
      [
        [0.94, 0.04],
        [0.5, 0],
        [0.22, 0.12],
        [0.14, 0.56],
        [0.56, 0.54],
        [0.9, 0.8],
        [0.84, 1.24],
        [0.44, 1.4],
        [0.04, 1.2],
      ],
    ],
  ],
  [
    [
      [
        [0.8, 0.02],
        [0.4, 0.24],
        [0.1, 0.72],
        [0.1, 1.14],
        [0.44, 1.4],
        [0.84, 1.24],
        [0.9, 0.94],
        [0.6, 0.7],
        [0.26, 0.78],
        [0.1, 1.04],
      ],
    ],
    [
      [
        [0.6, 0],
        [0.28, 0.4],
        [0.08, 0.9],
        [0.22, 1.34],
        [0.66, 1.36],
        [0.86, 1.06],
        [0.62, 0.8],
        [0.3, 0.94],
        [0.2, 1.2],
      ],
    ],
  ],
  [
    [
      [
        [0.04, 0.04],
        [0.5, 0.04],
        [0.96, 0.04],
      ],
      [
        [0.96, 0.04],
        [0.66, 0.6],
        [0.36, 1.4],
      ],
    ],
    [
      [
        [0.04, 0.2],
        [0.1, 0.06],
        [0.5, 0.06],
        [0.94, 0.04],
      ],
      [
        [0.94, 0.04],
        [0.62, 0.66],
        [0.42, 1.4],
      ],
      [
        [0.3, 0.74],
        [0.56, 0.72],
        [0.82, 0.7],
      ],
    ],
  ],
  [
    [
      [
        [0.5, 0.64],
        [0.16, 0.44],
        [0.18, 0.12],
        [0.5, 0],
        [0.82, 0.12],
        [0.84, 0.44],
        [0.5, 0.64],
        [0.12, 0.88],
        [0.1, 1.24],
        [0.5, 1.4],
        [0.9, 1.24],
        [0.88, 0.88],
        [0.5, 0.64],
      ],
    ],
    [
      [
        [0.84, 0.16],
        [0.5, 0],
        [0.16, 0.18],
        [0.3, 0.52],
        [0.7, 0.82],
        [0.84, 1.16],
        [0.5, 1.4],
        [0.16, 1.18],
        [0.3, 0.82],
        [0.7, 0.5],
        [0.84, 0.16],
      ],
    ],
  ],
  [
    [
      [
        [0.88, 0.42],
        [0.56, 0.68],
        [0.16, 0.56],
        [0.12, 0.22],
        [0.46, 0],
        [0.82, 0.14],
        [0.88, 0.42],
      ],
      [
        [0.88, 0.42],
        [0.84, 0.9],
        [0.72, 1.4],
      ],
    ],
    [
      [
        [0.84, 0.28],
        [0.6, 0.02],
        [0.2, 0.14],
        [0.16, 0.48],
        [0.5, 0.64],
        [0.82, 0.4],
        [0.84, 0.2],
        [0.86, 0.8],
        [0.7, 1.3],
        [0.3, 1.36],
      ],
    ],
  ],
];

const SIZE = 28;
/** Line pieces that a curve is drawn with, between two of its points. */
const PIECES = 6;

/** A Catmull-Rom curve through the points, as a chain of short lines. */
function curve(points: readonly Point[]): Point[] {
  const chain: Point[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const [p0, p1, p2, p3] = [
      points[Math.max(0, i - 1)]!,
      points[i]!,
      points[i + 1]!,
      points[Math.min(points.length - 1, i + 2)]!,
    ];
    for (let k = 0; k < PIECES; k++) {
      const t = k / PIECES;
      const at = (axis: 0 | 1) =>
        0.5 *
        (2 * p1[axis] +
          (p2[axis] - p0[axis]) * t +
          (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis]) * t * t +
          (3 * p1[axis] - p0[axis] - 3 * p2[axis] + p3[axis]) * t * t * t);
      chain.push([at(0), at(1)]);
    }
  }
  return [...chain, points.at(-1)!];
}

/** Darkens `ink` around the line from a to b: 1 within `radius`, falling to 0 over one pixel. */
function drawLine(ink: Float32Array, [ax, ay]: Point, [bx, by]: Point, radius: number): void {
  const reach = radius + 1;
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy || 1e-9;
  const low = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const high = (a: number, b: number) => Math.min(SIZE - 1, Math.ceil(Math.max(a, b) + reach));
  for (let y = low(ay, by); y <= high(ay, by); y++)
    for (let x = low(ax, bx); x <= high(ax, bx); x++) {
      const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
      const [ox, oy] = [x - ax - t * dx, y - ay - t * dy];
      const shade = Math.min(1, Math.max(0, radius + 0.5 - Math.sqrt(ox * ox + oy * oy)));
      const at = y * SIZE + x;
      if (shade > ink[at]!) ink[at] = shade;
    }
}

/** One digit with its own slant, size, place, thickness, wobble and ink; [28 · 28] bytes. */
export function drawDigit(digit: number, stream: Stream): Uint8Array {
  const between = (low: number, high: number) => low + (high - low) * stream.uniform();
  const ways = DIGITS[digit]!;
  const strokes = ways[Math.floor(stream.uniform() * ways.length)]!;
  const width = between(8.5, 13.5) * (digit === 1 ? 0.8 : 1);
  const height = between(12, 14.4);
  const slant = 0.12 + 0.16 * stream.normal();
  const turn = 0.07 * stream.normal();
  const radius = between(0.75, 1.9);
  const [left, top] = [SIZE / 2 - 0.5 + between(-1.5, 1.5), SIZE / 2 - 0.5 + between(-1.5, 1.5)];
  const ink = new Float32Array(SIZE * SIZE);
  for (const stroke of strokes) {
    const placed = stroke.map(([x, y]): Point => {
      const [u, v] = [x - 0.5 + 0.035 * stream.normal(), y - 0.7 + 0.035 * stream.normal()];
      const px = width * u - slant * height * v;
      const py = height * v;
      // A small turn, to first order: sines differ between engines in their last digit.
      return [left + px - turn * py, top + py + turn * px];
    });
    const chain = curve(placed);
    for (let i = 0; i + 1 < chain.length; i++) drawLine(ink, chain[i]!, chain[i + 1]!, radius);
  }
  const strength = between(225, 255);
  return Uint8Array.from(ink, (value) =>
    value > 0 ? Math.min(255, Math.max(0, Math.round(value * strength + 6 * stream.normal()))) : 0,
  );
}

function draw(split: string, count: number): Images {
  const pixels = new Uint8Array(count * SIZE * SIZE);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % 10;
    pixels.set(drawDigit(labels[i]!, createStream('glyphs', split, i)), i * SIZE * SIZE);
  }
  return { count, width: SIZE, height: SIZE, channels: 1, pixels, labels };
}

const TRAIN_IMAGES = 20_000;
const TEST_IMAGES = 2_000;

/** The same digits every time; `validation` more are drawn beside the training images. */
export const loadGlyphs = async ({ validation }: { validation: number }): Promise<DataSet> => ({
  id: 'glyphs',
  title: 'glyphs, digits drawn by dreamlet',
  terms: 'MIT License, made by this project',
  labelNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  train: draw('train', TRAIN_IMAGES),
  validation: draw('validation', validation),
  test: draw('test', TEST_IMAGES),
});
