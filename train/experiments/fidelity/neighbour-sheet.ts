// Generated images, and at the end of each row the training images nearest to its last one (Goodfellow et al. 2014,
// Figure 2).
import { sheet, toImage } from '../../../core/image/compose.ts';
import type { Image } from '../../../core/image/image.ts';
import type { Images } from '../../data/data-set.ts';
import { sliceImages } from '../../data/data-set.ts';
import type { Features } from '../../evaluate/fidelity/frechet.ts';
import { valuesOf } from '../../evaluate/fidelity/samples.ts';

const ROWS = 10;
const COLUMNS = 10;

/** `nearest`: for each measure of nearness, the training image of every generated one. */
export function neighbourSheet(generated: Features, train: Images, nearest: readonly Uint32Array[]): Image {
  const { width, height, channels } = train;
  const picture = ({ data, size }: Features, i: number) =>
    toImage(data.subarray(i * size, (i + 1) * size), width, height, channels);
  const images = Array.from({ length: ROWS }, (_, row) => {
    const from = row * COLUMNS;
    const own = Array.from({ length: COLUMNS }, (_, i) => picture(generated, from + i));
    const last = from + COLUMNS - 1;
    const known = nearest.map((index) =>
      picture(valuesOf(sliceImages(train, index[last]!, index[last]! + 1)), 0),
    );
    return [...own, ...known];
  }).flat();
  return sheet(images, COLUMNS + nearest.length);
}
