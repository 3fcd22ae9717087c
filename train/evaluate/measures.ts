// Every measure, in the order of the figures on a card.
import { boundMeasure } from './bounds/measure.ts';
import { multiSampleMeasure } from './bounds/multi-sample-measure.ts';
import { classificationMeasure } from './classification-measure.ts';
import { completionMeasure } from './completion-measure.ts';
import { greyErrorMeasure } from './compression/grey-error.ts';
import { fidelityMeasure } from './fidelity/measure.ts';
import { labelAccuracyMeasure } from './label-accuracy.ts';
import type { Measure } from './subject.ts';

export const MEASURES: readonly Measure[] = [
  boundMeasure,
  multiSampleMeasure,
  completionMeasure,
  labelAccuracyMeasure,
  classificationMeasure,
  greyErrorMeasure,
  fidelityMeasure,
];
