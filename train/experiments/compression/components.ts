// The peer of a VAE's latents: principal components of the same training images, through the same frequencies and the
// same coder, and quantised as is best for them.
import { bitsOf, encodeSlots } from '../../../core/compression/arithmetic.ts';
import { HEADER_BYTES } from '../../../core/compression/code.ts';
import { gaussianTable, type Table } from '../../../core/compression/gaussian.ts';
import { slotsOf } from '../../../core/compression/whole-numbers.ts';
import { sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import { createDistortion } from '../../evaluate/compression/distortion.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import type { CellResult, Context } from '../experiment.ts';
import { principalComponents, project, unproject } from './principal-components.ts';

const IMAGES = 20_000;
/** Images held out of training where they are not 2000, as the models of these sets hold them out. */
const VALIDATION: Partial<Record<DataSetId, number>> = { 'frey-face': 105, fer: 3486 };
/** More than any of the codes below uses. */
const COMPONENTS = 200;
/** The same for every component, grey levels along a direction of length one. */
const COMPONENT_STEPS = [1600, 1200, 900, 700, 550, 420, 320, 240, 180, 130, 90];
const COLUMNS = ['step', 'bytes', 'bits', 'MSE', 'PSNR'];
/** What a bit is worth in squared steps: −dD/dR where D = step² / 12 and every bit halves the step. */
const SQUARED_STEPS_PER_BIT = Math.LN2 / 6;

/**
 * Of the numbers next to a coordinate, in steps, the one with the least squared error + λ × bits: squared errors of
 * coordinates are those of pixels, so that this gains, unlike with latents.
 */
function numberOf(exact: number, table: Table): number {
  const loss = (k: number) =>
    (exact - k) ** 2 + SQUARED_STEPS_PER_BIT * slotsOf(table, k).reduce((sum, slot) => sum + bitsOf(slot), 0);
  const nearest = Math.round(exact);
  const inwards = nearest - Math.sign(nearest);
  return loss(inwards) < loss(nearest) ? inwards : nearest;
}

export async function byComponents(id: DataSetId, context: Context): Promise<CellResult> {
  const began = performance.now();
  const { train, test, title } = await context.load(id, VALIDATION[id] ?? 2000);
  const known = sliceImages(train, 0, Math.min(IMAGES, train.count));
  const components = principalComponents(known, COMPONENTS);
  context.log(`${COMPONENTS} components of ${known.count} images`);
  const size = test.width * test.height * test.channels;
  const imageAt = (i: number) => test.pixels.subarray(i * size, (i + 1) * size);
  const coordinates = Array.from({ length: test.count }, (_, i) => project(components, imageAt(i)));
  const rows: number[][] = [];
  for (const step of COMPONENT_STEPS) {
    const tables = components.deviations.map((deviation) => gaussianTable(step / deviation));
    const distortion = createDistortion(test);
    const bytes = new Float64Array(test.count);
    let bits = 0;
    coordinates.forEach((coordinate, i) => {
      const numbers = tables.map((table, k) => numberOf(coordinate[k]! / step, table));
      const slots = tables.flatMap((table, k) => slotsOf(table, numbers[k]!));
      bytes[i] = HEADER_BYTES + encodeSlots(slots).length;
      bits += slots.reduce((sum, slot) => sum + bitsOf(slot) / test.count, 0);
      distortion.add(
        i,
        unproject(
          components,
          numbers.map((k) => k * step),
        ),
      );
    });
    const { mse, psnr } = distortion.mean();
    rows.push([step, meanAndError(bytes).mean, bits, mse, psnr]);
    context.log(COLUMNS.map((column, k) => `${column} ${rows.at(-1)![k]!.toFixed(2)}`).join(', '));
  }
  return {
    values: {},
    unit: 'bytes per image',
    protocol: `the first ${COMPONENTS} principal components of ${known.count} training images, all in the same step, each number the least squared error + λ × bits; frequencies, coder and ${HEADER_BYTES} first bytes of /compress; all ${test.count} test images, pictures rounded to 8 bits`,
    settings: { components: COMPONENTS, steps: COMPONENT_STEPS },
    seed: 'none',
    data: { set: title, variant: 'grey', train: known.count, test: test.count },
    samples: known.count,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: COLUMNS, rows },
  };
}
