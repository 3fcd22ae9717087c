// The gradient estimators for discrete latents by name.
import { arm } from './arm.ts';
import { darn } from './darn.ts';
import { enumeration } from './enumeration.ts';
import { gappedStraightThrough } from './gapped.ts';
import { gumbelRao } from './gumbel-rao.ts';
import { gumbelSoftmax, straightThroughGumbelSoftmax } from './gumbel-softmax.ts';
import { learnedGumbelSoftmax } from './learned-temperature.ts';
import { muProp } from './mu-prop.ts';
import { rebar } from './rebar.ts';
import { reinMax } from './rein-max.ts';
import { scoreFunction } from './score-function.ts';
import { slopeAnnealed, straightThroughMean } from './straight-through.ts';
import type { DiscreteEstimator } from './task.ts';
import { vimco } from './vimco.ts';

export const DISCRETE_ESTIMATORS = {
  'score-function': scoreFunction({ centre: true, normalise: true, baseline: false }),
  nvil: scoreFunction({ centre: true, normalise: true, baseline: true }),
  darn,
  muprop: muProp({ centre: true, normalise: true, baseline: false }),
  'straight-through': straightThroughMean,
  'slope-annealed': slopeAnnealed,
  'gumbel-softmax': gumbelSoftmax,
  'st-gumbel-softmax': straightThroughGumbelSoftmax,
  'learned-gumbel-softmax': learnedGumbelSoftmax,
  'gumbel-rao': gumbelRao(10),
  gapped: gappedStraightThrough,
  reinmax: reinMax,
  arm,
  vimco: vimco(5),
  rebar,
  enumeration,
} satisfies Record<string, DiscreteEstimator>;

export type DiscreteEstimatorName = keyof typeof DISCRETE_ESTIMATORS;
