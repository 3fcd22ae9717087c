// Everything that a report says of a model, measured on the test set.
import { roundToHalf } from '../../onnx/trace/half.ts';
import type { DataSet } from '../data/data-set.ts';
import type { HostTensors } from '../model.ts';
import type { Direction } from './directions/direction.ts';
import { fitDirections, measureDirections } from './directions/directions.ts';
import { fitLabelDirections } from './directions/label-directions.ts';
import type { Figure } from './figure.ts';
import { MEASURES } from './measures.ts';
import { densityOf, type EvaluateOptions, type Subject } from './subject.ts';
import { fitScaling, type Scaling, scaleClasses } from './temperature-scaling.ts';

/** The weights as the export stores them. */
export const storedWeights = (weights: HostTensors, precision: 'float32' | 'float16'): HostTensors =>
  precision === 'float32'
    ? weights
    : Object.fromEntries(
        Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, data: roundToHalf(data) }]),
      );

/** The figures of every measure that the model has what it needs for. */
export async function evaluateModel(
  subject: Subject,
  dataset: DataSet,
  options: EvaluateOptions,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { needs, figures: measure } of [...MEASURES, ...subject.measures])
    if (needs(subject)) figures.push(...(await measure(subject, dataset, options)));
  return figures;
}

/**
 * What the report of a run says: all figures, the latent directions that some of them measure, and the temperature of a
 * classifier, whose figures are those of the scaled one.
 */
export async function reportOn(
  trained: Subject,
  dataset: DataSet,
  options: EvaluateOptions,
): Promise<{ figures: Figure[]; directions: Direction[]; scaling?: Scaling }> {
  const scaling = await fitScaling(trained, dataset, options);
  const subject = scaling ? { ...trained, model: scaleClasses(trained.model, scaling) } : trained;
  const weighed = densityOf(subject);
  const directions = [
    ...(await fitDirections(subject, dataset, options)),
    ...(weighed ? await fitLabelDirections(weighed, dataset, options) : []),
  ];
  return {
    figures: [
      ...(await evaluateModel(subject, dataset, options)),
      ...(await measureDirections(subject, directions, dataset, options)),
    ],
    directions,
    ...(scaling ? { scaling } : {}),
  };
}
