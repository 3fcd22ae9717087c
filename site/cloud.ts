// A cloud of encoded images: their latents and their places on a plane, and who is near to whom.
import { fromBase64 } from '../core/image/encode.ts';
import type { GaussianVaeCard } from '../models/card.ts';
import type { EncodedCard, EncodedImages } from '../models/encoded.ts';

/** The picture is a square of so many units. */
export const SIDE = 1000;
const MARGIN = 30;
const NEIGHBOURS = 6;

export type Cloud = {
  card: GaussianVaeCard & { encoded: EncodedCard };
  /** Posterior means [J] of each image. */
  means: Float32Array[];
  labels: readonly number[] | undefined;
  /** Places on the picture. */
  points: (readonly [x: number, y: number])[];
};

/** The means and their places, of the file of a package. */
export function cloudOf(card: Cloud['card'], { centre, step, codes, axes, labels }: EncodedImages): Cloud {
  const whole = new Int8Array(fromBase64(codes).buffer);
  const J = centre.length;
  const means = Array.from({ length: whole.length / J }, (_, n) =>
    Float32Array.from(centre, (middle, j) => middle + step[j]! * whole[n * J + j]!),
  );
  const plane = means.map((mean) =>
    axes.map((axis) => axis.reduce((sum, part, j) => sum + part * mean[j]!, 0)),
  );
  // One scale for both axes: distances mean the same in every direction.
  const ends = [0, 1].map((k) => {
    const along = plane.map((place) => place[k]!);
    return { low: Math.min(...along), high: Math.max(...along) };
  });
  const reach = Math.max(...ends.map(({ low, high }) => high - low)) || 1;
  const at = (value: number, k: 0 | 1) => {
    const { low, high } = ends[k]!;
    return SIDE / 2 + ((value - (low + high) / 2) / reach) * (SIDE - 2 * MARGIN);
  };
  return { card, means, labels, points: plane.map(([x, y]) => [at(x!, 0), SIDE - at(y!, 1)] as const) };
}

const squared = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) ** 2;
  return sum;
};

/** Numbers of the images that are nearest to one in all latents, the nearest first; itself is none. */
export function nearest({ means }: Cloud, image: number, count = NEIGHBOURS): number[] {
  const away = means.map((mean) => squared(mean, means[image]!));
  return [...means.keys()]
    .filter((n) => n !== image)
    .sort((a, b) => away[a]! - away[b]!)
    .slice(0, count);
}

/** Of a point of the picture, the image that is nearest to it there. */
export const under = ({ points }: Cloud, x: number, y: number): number =>
  points.reduce((best, point, n) => (squared(point, [x, y]) < squared(points[best]!, [x, y]) ? n : best), 0);

/** The next image in a direction, near and not far to the side; itself where there is none. */
export function stepFrom({ points }: Cloud, image: number, [dx, dy]: readonly [number, number]): number {
  const [x, y] = points[image]!;
  let [best, least] = [image, Number.POSITIVE_INFINITY];
  points.forEach(([px, py], n) => {
    const ahead = (px - x) * dx + (py - y) * dy;
    const cost = ahead + 2 * Math.abs((px - x) * dy + (py - y) * dx);
    if (ahead > 0 && cost < least) [best, least] = [n, cost];
  });
  return best;
}
