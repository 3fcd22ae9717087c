// From a run to a model package: graphs, card, preview, all of it proved before any of it appears in models/.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { MODEL_ID_PATTERN, type ModelCard, modelCardSchema } from '../models/card.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { storedWeights } from '../train/evaluate/report.ts';
import type { HostTensor, Vae } from '../train/model.ts';
import { recipeNamed } from '../train/recipes/recipes.ts';
import type { Recipe, SettingName } from '../train/recipes/settings.ts';
import { writeJson } from '../train/run/files.ts';
import type { OpenRun } from '../train/run/open-run.ts';
import type { Report } from '../train/run/report.ts';
import { compile } from '../train/runner/compile.ts';
import { sheet, toImage } from '../worker/image/compose.ts';
import { encodePng } from '../worker/image/png.ts';
import { latentOf } from '../worker/sampling/latent.ts';
import { type GraphFile, recordGraphs, referenceFunctions } from './graphs.ts';
import { largestDifference, TOLERANCE } from './parity.ts';

/** A run with its report. */
export type ReportedRun = OpenRun & { report: Report | undefined };

export type ExportOptions = {
  /** Folder of all packages. */
  out: string;
  id: string;
  title: string;
  description: string;
  weights: 'float32' | 'float16';
};

/** Images of the parity proof. */
const PROOF_IMAGES = 64;
const PREVIEW_COLUMNS = 8;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Latents of the preview, and of the proof: images 0 to 63 of seed `preview`. */
function previewLatents(model: Vae): HostTensor {
  const J = model.latentDimensions;
  const data = new Float32Array(PROOF_IMAGES * J);
  for (let i = 0; i < PROOF_IMAGES; i++) data.set(latentOf('preview', i, J), i * J);
  return { shape: [PROOF_IMAGES, J], data };
}

/** The highest version of `id` in `out`, 0 when there is none. */
function latestVersion(out: string, id: string): number {
  if (!existsSync(out)) return 0;
  const versions = readdirSync(out)
    .map((name) => name.match(/^(.*)@(\d+)$/))
    .filter((match) => match?.[1] === id)
    .map((match) => Number(match![2]));
  return Math.max(0, ...versions);
}

/** Whether the latest version holds the very same graphs. */
const isSame = (folder: string, files: Record<string, Uint8Array>): boolean =>
  Object.entries(files).every(([name, bytes]) => {
    const path = join(folder, name);
    return existsSync(path) && readFileSync(path).equals(bytes);
  });

function graphCard(
  file: string,
  graph: GraphFile,
  inputs: ModelCard['graphs']['decoder']['inputs'],
  outputs: ModelCard['graphs']['decoder']['outputs'],
) {
  return { file, inputs, outputs, parameters: graph.parameters, flopsPerImage: graph.operations };
}

/** What makes the model and its card again: the settings that are not the recipe's own are part of it. */
function commandOf(recipe: string, settings: Recipe, report: Report, id: string): string {
  const defaults = recipeNamed(recipe);
  const changed = (Object.keys(settings) as SettingName[])
    .filter((name) => String(settings[name]) !== String(defaults[name]))
    .map((name) => ` --${name}=${settings[name]}`);
  const { samples, images, weights } = report;
  const evaluate = `npm run evaluate -- --samples=${samples} --images=${images} --weights=${weights}`;
  return `npm run train -- ${recipe}${changed.join('')} && ${evaluate} && npm run export -- --id=${id} --weights=${weights}`;
}

/**
 * Writes the package of a finished run and returns its folder; when the latest version holds the same graphs, its
 * card alone is written anew. Nothing appears in `out` unless all of it is there and the parity proof holds.
 * @throws Error naming the rule and the value: a bad id, a run without a report, or a difference above 1e-4.
 */
export async function exportRun(
  run: ReportedRun,
  options: ExportOptions,
): Promise<{ folder: string; created: boolean; card: ModelCard }> {
  const { id, weights, out } = options;
  const { model, settings, record, report } = run;
  if (!MODEL_ID_PATTERN.test(id))
    throw new Error(`--id=${id} is not allowed; use lower-case words joined by hyphens, like my-model`);
  if (!report)
    throw new Error(`${run.folder}: no report.json; make it with: npm run evaluate -- ${run.folder}`);
  if (report.epoch !== run.best.epoch || report.weights !== weights)
    throw new Error(
      `${run.folder}: report.json is of epoch ${report.epoch} with ${report.weights} weights, the export of epoch ${run.best.epoch} with ${weights}; make it again with: npm run evaluate -- ${run.folder} --weights=${weights}`,
    );
  const params = storedWeights(run.params, weights);
  const state = storedWeights(run.state, weights);
  const graphs = recordGraphs(model, params, state, weights === 'float16');

  const z = previewLatents(model);
  const functions = referenceFunctions(model, params, state);
  const decode = await compile({ z: z.shape }, functions.decoder, { backend: 'cpu' });
  const { mean } = await decode.run({ z });
  await decode.release();
  const { channels, height, width } = model.image;
  const x: HostTensor = { shape: [PROOF_IMAGES, channels, height, width], data: mean!.data };
  const size = channels * height * width;
  const single = (t: HostTensor, length: number): HostTensor => ({
    shape: [1, ...t.shape.slice(1)],
    data: t.data.slice(0, length),
  });
  const difference = Math.max(
    await largestDifference(graphs.decoder.bytes, functions.decoder, { z }),
    await largestDifference(graphs.decoder.bytes, functions.decoder, {
      z: single(z, model.latentDimensions),
    }),
    await largestDifference(graphs.encoder.bytes, functions.encoder, { x }),
    await largestDifference(graphs.encoder.bytes, functions.encoder, { x: single(x, size) }),
  );
  if (!(difference <= TOLERANCE))
    throw new Error(
      `parity: the exported graphs differ from the training framework by ${difference}, allowed is ${TOLERANCE}`,
    );

  const images = Array.from({ length: PROOF_IMAGES }, (_, i) =>
    toImage(mean!.data.subarray(i * size, (i + 1) * size), width, height, channels),
  );
  const files: Record<string, Uint8Array> = {
    'decoder.onnx': graphs.decoder.bytes,
    'encoder.onnx': graphs.encoder.bytes,
    'preview.png': encodePng(sheet(images, PREVIEW_COLUMNS)),
  };
  const latest = latestVersion(out, id);
  const newest = join(out, `${id}@${latest}`);
  // The same pixels are the same version; only what the card says of them may be newer.
  const known = latest > 0 && isSame(newest, files);
  // The same graphs give the same scores.
  const anomaly = known ? readCard(newest).anomaly : undefined;

  const J = model.latentDimensions;
  const imageShape: ('batch' | number)[] = ['batch', channels, height, width];
  const latentShape: ('batch' | number)[] = ['batch', J];
  const { recipe } = record;
  const card: ModelCard = modelCardSchema.parse({
    schema: 1,
    id,
    version: known ? latest : latest + 1,
    title: options.title,
    description: options.description,
    family: 'vae',
    dataset: {
      id: record.dataset.id,
      title: record.dataset.title,
      variant: settings.variant,
      terms: record.dataset.terms,
    },
    image: { width, height, channels },
    latent: { prior: 'gaussian', dimensions: J },
    likelihood: settings.likelihood,
    ...(record.dataset.labelNames ? { labels: record.dataset.labelNames } : {}),
    capabilities: ['generate', 'interpolate', 'encode', ...(anomaly ? ['anomaly'] : [])],
    graphs: {
      decoder: graphCard(
        'decoder.onnx',
        graphs.decoder,
        [
          {
            name: 'z',
            dtype: 'float32',
            shape: latentShape,
            meaning: 'latent vectors; the prior is N(0, I)',
          },
        ],
        [
          {
            name: 'mean',
            dtype: 'float32',
            shape: imageShape,
            range: [0, 1],
            meaning: 'pixel means of p(x|z), NCHW',
          },
        ],
      ),
      encoder: graphCard(
        'encoder.onnx',
        graphs.encoder,
        [{ name: 'x', dtype: 'float32', shape: imageShape, range: [0, 1], meaning: 'images, NCHW' }],
        [
          { name: 'mean', dtype: 'float32', shape: latentShape, meaning: 'means of q(z|x)' },
          { name: 'log_variance', dtype: 'float32', shape: latentShape, meaning: 'log-variances of q(z|x)' },
        ],
      ),
    },
    metrics: report.figures,
    ...(anomaly ? { anomaly } : {}),
    training: {
      recipe,
      settings: Object.fromEntries(
        Object.entries(settings).map(([k, v]) => [k, Array.isArray(v) ? v.join() : v]),
      ),
      seed: settings.seed,
      backend: record.backend,
      epochs: run.best.epoch,
      command: commandOf(recipe, settings, report, id),
    },
    parity: { maxAbsDifference: difference, tolerance: TOLERANCE, images: PROOF_IMAGES },
    weights,
    files: Object.entries(files).map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  });

  if (known) {
    writeJson(join(newest, 'model.json'), card);
    return { folder: newest, created: false, card };
  }
  mkdirSync(out, { recursive: true });
  const temporary = mkdtempSync(join(out, '.export-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(temporary, name), bytes);
    writeJson(join(temporary, 'model.json'), card);
    const folder = join(out, `${id}@${card.version}`);
    chmodSync(temporary, 0o755);
    renameSync(temporary, folder);
    return { folder, created: true, card };
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}
