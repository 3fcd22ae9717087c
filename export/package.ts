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
import { sheet, toImage } from '../core/image/compose.ts';
import { encodePng } from '../core/image/png.ts';
import { drawLatent } from '../core/latents/draw.ts';
import { MODEL_ID_PATTERN, type ModelCard, modelCardSchema } from '../models/card.ts';
import { oneHot } from '../train/data/labels.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { storedWeights } from '../train/evaluate/report.ts';
import type { HostTensor, HostTensors, Vae } from '../train/model.ts';
import { recipeNamed } from '../train/recipes/recipes.ts';
import type { Recipe, SettingName } from '../train/recipes/settings.ts';
import { writeJson } from '../train/run/files.ts';
import type { OpenRun } from '../train/run/open-run.ts';
import type { Report } from '../train/run/report.ts';
import { compile } from '../train/runner/compile.ts';
import { graphCards } from './graph-cards.ts';
import { recordGraphs, referenceFunctions } from './graphs.ts';
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

/** Images in a row of the preview. */
const PREVIEW_COLUMNS = 8;
/** Rows of the preview; of a conditional model one for each class. */
const PREVIEW_ROWS = 8;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Inputs of the preview, and of the proof: images 0 to 63 of seed `preview`; of a conditional model, images 0 to 7 of it
 * as every class in turn.
 */
function previewInputs({ latentDimensions: J, classes }: Vae): { z: HostTensor; label?: HostTensor } {
  const images = PREVIEW_COLUMNS * (classes ?? PREVIEW_ROWS);
  const z = { shape: [images, J], data: new Float32Array(images * J) };
  const latent = { prior: 'gaussian', dimensions: J } as const;
  for (let i = 0; i < images; i++)
    z.data.set(drawLatent(latent, 'preview', classes ? i % PREVIEW_COLUMNS : i), i * J);
  if (!classes) return { z };
  const rows = Uint8Array.from({ length: images }, (_, i) => Math.floor(i / PREVIEW_COLUMNS));
  return { z, label: { shape: [images, classes], data: oneHot(rows, 0, images, classes) } };
}

/** The first row of every input. */
const single = (inputs: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      { shape: [1, ...shape.slice(1)], data: data.slice(0, data.length / shape[0]!) },
    ]),
  );

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

  const { z, ...label } = previewInputs(model);
  const latents: HostTensors = { z, ...label };
  const functions = referenceFunctions(model, params, state);
  const shapes = Object.fromEntries(Object.entries(latents).map(([name, { shape }]) => [name, shape]));
  const decode = await compile(shapes, functions.decoder, { backend: 'cpu' });
  const { mean } = await decode.run(latents);
  await decode.release();
  const { channels, height, width } = model.image;
  const count = z.shape[0]!;
  const size = channels * height * width;
  const pictures: HostTensors = {
    x: { shape: [count, channels, height, width], data: mean!.data },
    ...label,
    ...(model.terms ? { epsilon: z } : {}),
  };
  const difference = Math.max(
    await largestDifference(graphs.decoder.bytes, functions.decoder, latents),
    await largestDifference(graphs.decoder.bytes, functions.decoder, single(latents)),
    await largestDifference(graphs.encoder.bytes, functions.encoder, pictures),
    await largestDifference(graphs.encoder.bytes, functions.encoder, single(pictures)),
  );
  if (!(difference <= TOLERANCE))
    throw new Error(
      `parity: the exported graphs differ from the training framework by ${difference}, allowed is ${TOLERANCE}`,
    );

  const images = Array.from({ length: count }, (_, i) =>
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
  // Codes that the same graphs have made must stay what they are, and what is usual to them stays usual.
  const { compression, anomaly } = known ? readCard(newest) : {};

  const { recipe } = record;
  const { directions = [] } = report;
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
    latent: { prior: 'gaussian', dimensions: model.latentDimensions },
    likelihood: settings.likelihood,
    ...(record.dataset.labelNames ? { labels: record.dataset.labelNames } : {}),
    ...(directions.length > 0 ? { directions } : {}),
    capabilities: [
      'generate',
      'interpolate',
      'encode',
      ...(anomaly ? ['anomaly' as const] : []),
      ...(directions.length > 0 ? ['edit' as const] : []),
      ...(compression ? ['compress' as const] : []),
    ],
    graphs: graphCards(model, graphs),
    metrics: report.figures,
    ...(anomaly ? { anomaly } : {}),
    ...(compression ? { compression } : {}),
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
    parity: { maxAbsDifference: difference, tolerance: TOLERANCE, images: count },
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
