// From a run to a model package: graphs, card, preview, all of it proved before any of it appears in models/.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sheet } from '../core/image/compose.ts';
import { encodePng } from '../core/image/png.ts';
import { capabilitiesOf } from '../models/capabilities.ts';
import type { ModelCard } from '../models/card.ts';
import { modelCardSchema } from '../models/card-schema.ts';
import { MODEL_ID_PATTERN } from '../models/model-id.ts';
import type { ClassificationCard } from '../models/sections.ts';
import type { Use } from '../models/use.ts';
import { useOf } from '../train/data/uses.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { storedWeights } from '../train/evaluate/report.ts';
import { scaleClasses } from '../train/evaluate/temperature-scaling.ts';
import { writeJson } from '../train/io/files.ts';
import type { HostTensors, Model, Weights } from '../train/model.ts';
import type { OpenRun } from '../train/run/open-run.ts';
import type { Report } from '../train/run/report.ts';
import { commandOf, epochsBefore, publicSettings } from './command.ts';
import { createExamples, PREVIEW_COLUMNS } from './examples.ts';
import { type Files, holdsSame, latestVersion, nextVersion, writePackage } from './folder.ts';
import { graphCard, graphsOf, recordGraph, referenceFunction } from './graphs.ts';
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
  /** What it may be used for; default: what is known of its data set. */
  use?: Use;
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a card says of the files of its package. */
export const fileCards = (files: Files): ModelCard['files'] =>
  Object.entries(files).map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256(bytes) }));

/** The first row of every input. */
const single = (inputs: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      { shape: [1, ...shape.slice(1)], data: data.slice(0, data.length / shape[0]!) },
    ]),
  );

/** @throws Error naming a bad id. */
export function requireId(id: string): void {
  if (!MODEL_ID_PATTERN.test(id))
    throw new Error(`--id=${id} is not allowed; use lower-case words joined by hyphens, like my-model`);
}

/** @throws Error naming the rule and the value: a bad id, a collapsed model, no report, or one of another checkpoint. */
function requireExportable(
  { folder, best, report, flaw }: ReportedRun,
  { id, weights }: ExportOptions,
): Report {
  requireId(id);
  if (flaw) throw new Error(`${folder}: best checkpoint, epoch ${best.epoch}: ${flaw}`);
  if (!report) throw new Error(`${folder}: no report.json; make it with: npm run evaluate -- ${folder}`);
  if (report.epoch !== best.epoch || report.weights !== weights)
    throw new Error(
      `${folder}: report.json is of epoch ${report.epoch} with ${report.weights} weights, the export of epoch ${best.epoch} with ${weights}; make it again with: npm run evaluate -- ${folder} --weights=${weights}`,
    );
  return report;
}

/** The graphs of a model as files and on the card, its preview, and how far it is from the training framework. */
export async function makeFiles(model: Model, weights: Weights, halfWeights: boolean) {
  const examples = await createExamples(model, weights);
  const files: Files = {};
  const graphs: ModelCard['graphs'] = {};
  let difference = 0;
  for (const [name, graph] of graphsOf(model)) {
    const recorded = recordGraph(name, graph, weights, halfWeights);
    const reference = referenceFunction(graph, weights);
    for (const inputs of [examples.inputs[name]!, single(examples.inputs[name]!)]) {
      const found = await largestDifference(recorded.bytes, reference, inputs);
      // NaN compares false with everything: it must count as a difference.
      if (!(found <= difference)) difference = found;
    }
    files[`${name}.onnx`] = recorded.bytes;
    graphs[name] = graphCard(`${name}.onnx`, graph, recorded);
  }
  if (!(difference <= TOLERANCE))
    throw new Error(
      `parity: the exported graphs differ from the training framework by ${difference}, allowed is ${TOLERANCE}`,
    );
  if (examples.pictures.length > 0)
    files['preview.png'] = encodePng(sheet(examples.pictures, PREVIEW_COLUMNS));
  const images = Object.values(examples.inputs)[0]!;
  return { files, graphs, difference, images: Object.values(images)[0]!.shape[0]! };
}

/** What /classify answers with, from the figures of a report. */
function classificationOf(labelledImages: number, { figures, scaling }: Report): ClassificationCard {
  const of = (name: string) => figures.find((figure) => figure.name === name)!;
  const { split, value } = of('accuracy');
  return {
    labelledImages,
    split,
    accuracy: value / 100,
    calibrationError: of('calibration-error').value / 100,
    ...(scaling
      ? {
          scaling: {
            ...scaling,
            unscaledCalibrationError: of('calibration-error-unscaled').value / 100,
          },
        }
      : {}),
  };
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
  const { settings, record } = run;
  const report = requireExportable(run, options);
  const model = report.scaling ? scaleClasses(run.model, report.scaling) : run.model;
  const stored = { params: storedWeights(run.params, weights), state: storedWeights(run.state, weights) };
  const { files, graphs, difference, images } = await makeFiles(model, stored, weights === 'float16');

  const latest = latestVersion(out, id);
  const newest = join(out, `${id}@${latest}`);
  // The same pixels are the same version; only what the card says of them may be newer.
  const known = latest > 0 && holdsSame(newest, files);
  // Codes that the same graphs have made must stay what they are, and what is usual to them stays usual.
  const { compression, anomaly, encoded } = known ? readCard(newest) : {};
  if (encoded) files[encoded.file] = readFileSync(join(newest, encoded.file));
  const sections = {
    graphs,
    ...(model.latent ? { latent: model.latent } : {}),
    ...(model.masks ? { completion: { masks: [...model.masks] } } : {}),
    ...(model.labelledImages ? { classification: classificationOf(model.labelledImages, report) } : {}),
    ...(report.directions && report.directions.length > 0 ? { directions: report.directions } : {}),
    ...(anomaly ? { anomaly } : {}),
    ...(compression ? { compression } : {}),
    ...(encoded ? { encoded } : {}),
  };
  const { dataset } = record;
  const density = model.density ?? model.discrete;
  const before = epochsBefore(record);
  const card: ModelCard = modelCardSchema.parse({
    schema: 1,
    id,
    version: known ? latest : nextVersion(out, id),
    title: options.title,
    description: options.description,
    family: settings.family,
    dataset: {
      id: dataset.id,
      title: dataset.title,
      variant: settings.variant,
      terms: dataset.terms,
      ...(options.use ? { use: options.use } : useOf(dataset.id)),
    },
    image: model.image,
    ...(density ? { likelihood: density.likelihood } : {}),
    ...(dataset.labelNames ? { labels: dataset.labelNames } : {}),
    capabilities: capabilitiesOf(sections),
    ...sections,
    metrics: report.figures,
    training: {
      recipe: record.recipe,
      settings: Object.fromEntries(
        Object.entries(publicSettings(settings)).map(([k, v]) => [k, Array.isArray(v) ? v.join() : v]),
      ),
      seed: settings.seed,
      backend: record.backend,
      epochs: run.best.epoch,
      ...(before ? { epochsBefore: before } : {}),
      command: commandOf(record, report, id),
    },
    parity: { maxAbsDifference: difference, tolerance: TOLERANCE, images },
    weights,
    files: fileCards(files),
  });
  if (known) {
    writeJson(join(newest, 'model.json'), card);
    return { folder: newest, created: false, card };
  }
  return { folder: writePackage(out, `${id}@${card.version}`, files, card), created: true, card };
}
