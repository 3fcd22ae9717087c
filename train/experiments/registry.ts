// Every experiment, in the order of their sections: what `npm run experiment` computes and `npm run report` shows.
import { aevbAppendixA } from './aevb/appendix-a-report.ts';
import { aevbAppendixF } from './aevb/appendix-f-report.ts';
import { aevbFigure2 } from './aevb/figure-2-report.ts';
import { aevbFigure3 } from './aevb/figure-3-report.ts';
import { aevbSpeed } from './aevb/speed-report.ts';
import { anomaly } from './anomaly/report.ts';
import { codePrior } from './code-prior/report.ts';
import { compression } from './compression/report.ts';
import type { Experiment } from './experiment.ts';
import { faceEdits } from './faces/report.ts';
import { fewLabels } from './few-labels/report.ts';
import { fidelity } from './fidelity/report.ts';
import { ganFigure2 } from './gan-figure-2/report.ts';
import { ganLosses } from './gan-losses/report.ts';
import { ganModes } from './gan-modes/report.ts';
import { ganPaths } from './gan-paths/report.ts';
import { ganTable1 } from './gan-table-1/report.ts';
import { ganTheory } from './gan-theory/report.ts';
import { ganTraining } from './gan-training/report.ts';
import { gumbelEstimators } from './gumbel/estimators-report.ts';
import { gumbelFigure1 } from './gumbel/figure-1-report.ts';
import { gumbelFigure5 } from './gumbel/figure-5-report.ts';
import { reinmaxTable } from './gumbel/reinmax-report.ts';
import { gumbelTable1 } from './gumbel/table-1-report.ts';
import { gumbelTable2 } from './gumbel/table-2-report.ts';
import { gumbelTemperature } from './gumbel/temperature-report.ts';
import { iwaeTable1 } from './iwae/report.ts';

/** Those whose cells `--samples` ends early; cells of the others are whole or not there. */
export const ENDED_BY_SAMPLES: readonly Experiment[] = [
  aevbFigure2,
  aevbFigure3,
  aevbAppendixA,
  aevbAppendixF,
  iwaeTable1,
  ganLosses,
  gumbelTable1,
  gumbelTable2,
];

export const EXPERIMENTS: readonly Experiment[] = [
  aevbFigure2,
  aevbFigure3,
  aevbAppendixA,
  aevbAppendixF,
  aevbSpeed,
  iwaeTable1,
  anomaly,
  compression,
  faceEdits,
  fidelity,
  ganTable1,
  ganFigure2,
  ganPaths,
  ganTraining,
  ganLosses,
  ganModes,
  ganTheory,
  gumbelFigure1,
  gumbelEstimators,
  gumbelTable1,
  gumbelTable2,
  fewLabels,
  gumbelTemperature,
  reinmaxTable,
  gumbelFigure5,
  codePrior,
];
