// Rate and distortion of the codes of a model that ships, on its whole test set, beside PNG.
import { HEADER_BYTES, readCode, writeCode } from '../../../core/compression/code.ts';
import { MAX_QUALITY, quantise, STEPS, scalesOf } from '../../../core/compression/quantise.ts';
import { classesOf, type GaussianVaeCard, isDiscreteVae } from '../../../models/card.ts';
import type { CompressionCard } from '../../../models/sections.ts';
import { type Images, sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import { encodeImages } from '../../evaluate/compression/compression.ts';
import { createDistortion, psnrOf } from '../../evaluate/compression/distortion.ts';
import { decodeLatents } from '../../evaluate/decode-latents.ts';
import type { Weighed } from '../../evaluate/for-images.ts';
import { likeliestLabels } from '../../evaluate/label-accuracy.ts';
import { findPackage, openDensity } from '../../evaluate/package.ts';
import { readCard } from '../../evaluate/read-card.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import type { CellResult, Context } from '../experiment.ts';
import { PEERS, type Peers, peersOf, rowOf, withoutLoss } from './peers.ts';
import { bySymbols } from './symbols.ts';

/** Training images that tables of frequencies are counted on: those of the card. */
const TABLE_IMAGES = 20_000;

/**
 * Bits an image by tables of frequencies instead of Gaussians: each number costs what its share of the training numbers
 * makes of it, every number of either set having come once more than it did.
 */
function tableBits(train: Float32Array, test: Float32Array, card: CompressionCard, quality: number): number {
  const scales = scalesOf(card, quality);
  const J = scales.length;
  const numbers = (means: Float32Array) =>
    Array.from({ length: means.length / J }, (_, i) => quantise(means.subarray(i * J, (i + 1) * J), scales));
  const [known, asked] = [numbers(train), numbers(test)];
  let bits = 0;
  for (let j = 0; j < J; j++) {
    const counts = new Map<number, number>();
    for (const row of known) counts.set(row[j]!, (counts.get(row[j]!) ?? 1) + 1);
    for (const row of asked) if (!counts.has(row[j]!)) counts.set(row[j]!, 1);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    for (const row of asked) bits -= Math.log2(counts.get(row[j]!)! / total);
  }
  return bits / asked.length;
}

type Subject = {
  card: GaussianVaeCard;
  weighed: Weighed;
  test: Images;
  means: Float32Array;
  train: Float32Array;
};

/** Codes of every test image at one quality, and the pictures that come back. */
async function atQuality(
  { card, weighed, test, means, train }: Subject,
  quality: number,
  peers: Peers,
  context: Context,
): Promise<{ row: Record<string, number>; bytes: Float64Array }> {
  const compression = card.compression as CompressionCard;
  const coder = { compression, classes: classesOf(card)?.length };
  const J = card.latent.dimensions;
  const latents = new Float32Array(test.count * J);
  const labels = test.labels?.slice();
  const bytes = new Float64Array(test.count);
  let bits = 0;
  for (let i = 0; i < test.count; i++) {
    const latent = means.subarray(i * J, (i + 1) * J);
    const written = writeCode(coder, { quality, latent, label: labels?.[i] });
    const said = readCode(coder, written.code);
    latents.set(said.latent, i * J);
    if (said.label !== undefined) labels![i] = said.label;
    bytes[i] = written.code.length;
    bits += written.bits / test.count;
  }
  const labelBits = coder.classes ? Math.log2(coder.classes) : 0;
  const rate = {
    quality,
    step: STEPS[quality - 1]!,
    bytes: meanAndError(bytes).mean,
    bits,
    'bits by tables': labelBits + tableBits(train, means, compression, quality),
  };
  const row = await rowOf(rate, peers, card.likelihood, (each) =>
    decodeLatents(weighed, latents, labels, each, context),
  );
  return { row, bytes };
}

export async function byModel(name: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const folder = findPackage(name);
  if (!folder) throw new Error(`there is no package '${name}' in models/`);
  if (isDiscreteVae(readCard(folder))) return bySymbols(folder, context);
  const { card, subject: weighed } = openDensity(folder);
  if (!card.compression || !('centres' in card.compression))
    throw new Error(`${name} does not compress; see npm run compression`);
  const dataset = await context.load(
    card.dataset.id as DataSetId,
    Number(card.training.settings.validation ?? 0),
  );
  // As for an image that comes without a label.
  const labels = await likeliestLabels(weighed, dataset.test, context);
  const test: Images = { ...dataset.test, ...(labels ? { labels } : {}) };
  const peers = peersOf(test);
  context.log('PNG files are made');
  const known = sliceImages(dataset.train, 0, Math.min(TABLE_IMAGES, dataset.train.count));
  const train = (await encodeImages(weighed, known, context)).means;
  const { means } = await encodeImages(weighed, test, context);
  const subject = { card, weighed, test, means, train };

  const rows: Record<string, number>[] = [];
  const values: CellResult['values'] = {};
  for (let quality = 1; quality <= MAX_QUALITY; quality++) {
    const { row, bytes } = await atQuality(subject, quality, peers, context);
    const { mean, standardError } = meanAndError(bytes);
    values[`quality ${quality}`] = { value: mean, standardError };
    rows.push(row);
    context.log(
      Object.entries(row)
        .map(([column, value]) => `${column} ${value.toFixed(2)}`)
        .join(', '),
    );
  }
  values['PNG without loss'] = withoutLoss(peers);
  const unquantised = createDistortion(test);
  await decodeLatents(
    weighed,
    means,
    test.labels,
    (i, picture) =>
      unquantised.add(
        i,
        Uint8Array.from(picture, (value) => Math.floor(255 * value + 0.5)),
      ),
    context,
  );
  values['PSNR of the posterior means, dB'] = { value: psnrOf(unquantised.mean().mse) };
  return {
    values,
    unit: 'bytes per image',
    protocol:
      `codes of /compress, the first ${HEADER_BYTES} bytes included, of all ${test.count} test images${labels ? ', the label found from the image and part of the code' : ''}; ` +
      `bits: information without these bytes; bits by tables: the same with frequencies counted on ${known.count} training images instead of Gaussians; ` +
      `MSE and PSNR of 8-bit pictures over all images together; cross-entropy of grey levels, nats; ` +
      PEERS,
    settings: { model: name, latent: card.latent.dimensions },
    seed: 'none',
    data: { set: dataset.title, variant: 'grey', train: known.count, test: test.count },
    samples: known.count,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: Object.keys(rows[0]!), rows: rows.map((row) => Object.values(row)) },
  };
}
