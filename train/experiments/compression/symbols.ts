// Rate and distortion of the codes of a model of discrete latents that ships: what its prior makes them cost.
import { codeOf, HEADER_BYTES } from '../../../core/compression/code.ts';
import { MAX_QUALITY } from '../../../core/compression/quantise.ts';
import { chooseSymbols, PRICES } from '../../../core/compression/symbols.ts';
import { evenPrior } from '../../../core/latents/prior.ts';
import { latentSize } from '../../../models/latent.ts';
import { nameOf } from '../../../models/model-id.ts';
import type { DataSetId } from '../../data/registry.ts';
import { forImages } from '../../evaluate/for-images.ts';
import { openCodes } from '../../evaluate/package.ts';
import { createPriorRunner } from '../../evaluate/sampler.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { overRows, rowsOf } from '../../runner/rows.ts';
import type { CellResult, Context } from '../experiment.ts';
import { PEERS, peersOf, rowOf, withoutLoss } from './peers.ts';

export async function bySymbols(folder: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const { card, subject } = openCodes(folder);
  const { compression, latent: spec } = card;
  const name = nameOf(card);
  if (!compression) throw new Error(`${name} does not compress; see npm run compression`);
  const { decoder, encoder, prior } = subject.model.graphs;
  const { train, test, title } = await context.load(
    card.dataset.id as DataSetId,
    Number(card.training.settings.validation ?? 0),
  );
  const peers = peersOf(test);
  context.log('PNG files are made');
  const posteriors: Float32Array[] = [];
  await forImages(
    subject,
    test,
    (params, state, { x }) => encoder!.run(params, state, { x: x! }),
    (i, { logits }) => {
      posteriors[i] = logits!.slice();
    },
    context,
  );
  const runner = prior && (await createPriorRunner(prior, subject, context));
  const run = runner?.of(subject) ?? evenPrior;
  const size = latentSize(spec);
  const rows: Record<string, number>[] = [];
  const values: CellResult['values'] = {};
  for (let quality = 1; quality <= MAX_QUALITY; quality++) {
    const { latents, slots } = await chooseSymbols(spec, posteriors, quality, run);
    const codes = slots.map((of) => codeOf(compression.tag, quality, of));
    const { mean, standardError } = meanAndError(codes.map(({ code }) => code.length));
    values[`quality ${quality}`] = { value: mean, standardError };
    const z = new Float32Array(test.count * size);
    latents.forEach((latent, i) => {
      z.set(latent, i * size);
    });
    const { mean: bits } = meanAndError(codes.map((code) => code.bits));
    const rate = { quality, price: PRICES[quality - 1]!, bytes: mean, bits };
    const row = await rowOf(rate, peers, card.likelihood, (each) =>
      overRows(
        subject,
        { z: rowsOf(z, [size]) },
        test.count,
        (params, state, inputs) => ({ mean: decoder!.run(params, state, { z: inputs.z! }).mean! }),
        (i, { mean: picture }) => each(i, picture!),
        context,
      ),
    );
    rows.push(row);
    context.log(
      Object.entries(row)
        .map(([column, value]) => `${column} ${value.toFixed(2)}`)
        .join(', '),
    );
  }
  await runner?.release();
  values['PNG without loss'] = withoutLoss(peers);
  return {
    values,
    unit: 'bytes per image',
    protocol:
      `codes of /compress, the first ${HEADER_BYTES} bytes included, of all ${test.count} test images: variable by variable the ` +
      `value with the most log q(z|x) + price × log p(z | those before); bits: information without these bytes; ` +
      `MSE and PSNR of 8-bit pictures over all images together; cross-entropy of grey levels, nats; ${PEERS}`,
    settings: { model: name, latent: size },
    seed: 'none',
    data: { set: title, variant: 'grey', train: train.count, test: test.count },
    samples: 1,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: Object.keys(rows[0]!), rows: rows.map((row) => Object.values(row)) },
  };
}
