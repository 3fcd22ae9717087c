// Table 1 and Figures 3 and 4 of Jang, Gu & Poole 2017: seven estimators on structured prediction and on VAEs.
import { DISCRETE_ESTIMATORS } from '../../estimators/discrete/table.ts';
import type { Context, Program } from '../experiment.ts';
import { measureTreatment } from './measure.ts';
import { COLUMN_NAMES, cellName, isMeasured, ROW_NAMES, SEEDS } from './table-1-cells.ts';
import { BATCH_SIZE, MAX_STEPS } from './train.ts';

export const samples = MAX_STEPS * BATCH_SIZE;

export const cells: Program['cells'] = Object.fromEntries(
  SEEDS.flatMap((seed) =>
    ROW_NAMES.flatMap((row) =>
      COLUMN_NAMES.filter((column) => isMeasured(column, seed)).map((column) => [
        cellName(row, column, seed),
        (context: Context) =>
          measureTreatment({ row, column, estimator: DISCRETE_ESTIMATORS[column], seed }, context),
      ]),
    ),
  ),
);
