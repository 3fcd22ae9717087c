// The peer of a VAE's latents: principal components of the same training images, through the same quantiser, the same
// frequencies and the same coder.
import { HEADER_BYTES, writeCode } from '../../worker/compression/code.ts';
import { dequantise, quantise, STEPS, scalesOf } from '../../worker/compression/quantise.ts';
import { sliceImages } from '../data/data-set.ts';
import type { DataSetId } from '../data/registry.ts';
import { meanAndError } from '../evaluate/bound.ts';
import { createDistortion } from '../evaluate/distortion.ts';
import { principalComponents, project, unproject } from '../evaluate/principal-components.ts';
import { TEST_IMAGES } from './compression-model.ts';
import type { CellResult, Context } from './experiment.ts';

const IMAGES = 20_000;
/** More than any of the codes below uses. */
const COMPONENTS = 200;
/** Grey levels, times the square root of the pixels: the same step for every component. */
const COMPONENT_STEPS = [1600, 1200, 900, 700, 550, 420, 320, 240, 180, 130, 90];
const COLUMNS = ['step', 'bytes', 'bits', 'MSE', 'PSNR'];
/** The quality whose step is one. */
const QUALITY = STEPS.indexOf(1) + 1;

export async function byComponents(id: DataSetId, context: Context): Promise<CellResult> {
  const began = performance.now();
  const dataset = await context.load(id, 2000);
  const { train, title } = dataset;
  const test = sliceImages(dataset.test, 0, Math.min(TEST_IMAGES, dataset.test.count));
  const known = sliceImages(train, 0, Math.min(IMAGES, train.count));
  const components = principalComponents(known, COMPONENTS);
  context.log(`${COMPONENTS} components of ${known.count} images`);
  const size = test.width * test.height * test.channels;
  const imageAt = (i: number) => test.pixels.subarray(i * size, (i + 1) * size);
  const coordinates = Array.from({ length: test.count }, (_, i) => project(components, imageAt(i)));
  const rows: number[][] = [];
  for (const step of COMPONENT_STEPS) {
    const coder = {
      compression: {
        tag: '0000',
        split: '',
        centres: components.deviations.map(() => 0),
        deviations: components.deviations,
        steps: components.deviations.map(() => step),
      },
    };
    const scales = scalesOf(coder.compression, QUALITY);
    const distortion = createDistortion(test);
    const bytes = new Float64Array(test.count);
    let bits = 0;
    coordinates.forEach((latent, i) => {
      const written = writeCode(coder, { quality: QUALITY, latent });
      bytes[i] = written.code.length;
      bits += written.bits / test.count;
      distortion.add(i, unproject(components, dequantise(quantise(latent, scales), scales)));
    });
    const { mse, psnr } = distortion.mean();
    rows.push([step, meanAndError(bytes).mean, bits, mse, psnr]);
    context.log(COLUMNS.map((column, k) => `${column} ${rows.at(-1)![k]!.toFixed(2)}`).join(', '));
  }
  return {
    values: {},
    unit: 'bytes per image',
    protocol: `the first ${COMPONENTS} principal components of ${known.count} training images, all in the same step; quantiser, frequencies, coder and ${HEADER_BYTES} first bytes of /compress; the first ${test.count} test images, pictures rounded to 8 bits`,
    settings: { components: COMPONENTS, steps: COMPONENT_STEPS },
    seed: 'none',
    data: { set: title, variant: 'grey', train: known.count, test: test.count },
    samples: known.count,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: COLUMNS, rows },
  };
}
