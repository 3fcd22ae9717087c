// Every operator of the engine, with what draws its cases.
import type fc from 'fast-check';
import type { Case } from '../graph.ts';
import * as attention from './attention.ts';
import * as constant from './constant.ts';
import * as convolution from './convolution.ts';
import * as elementwise from './elementwise.ts';
import * as linear from './linear.ts';
import * as movement from './movement.ts';
import * as normalisation from './normalisation.ts';
import { OLD_FORMS } from './old-opsets.ts';
import * as pooling from './pooling.ts';
import * as positions from './positions.ts';
import * as reduction from './reduction.ts';
import * as resize from './resize.ts';
import * as slicing from './slicing.ts';
import * as unary from './unary.ts';

export const OPERATORS: Record<string, fc.Arbitrary<Case>> = {
  ...linear,
  ...convolution,
  ...normalisation,
  ...elementwise,
  ...unary,
  ...movement,
  ...slicing,
  ...resize,
  ...pooling,
  ...positions,
  ...reduction,
  ...constant,
  ...attention,
  Upsample: OLD_FORMS.Upsample,
};
