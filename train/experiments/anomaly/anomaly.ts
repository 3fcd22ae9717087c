// Anomaly scores, measured: the models that ship against other pictures, and one digit against the nine others.
import type { Context, Experiment } from '../experiment.ts';
import { oneClassCell } from './one-class.ts';
import { shippedCell } from './shipped.ts';

const SHIPPED = ['mnist-vae@1', 'mnist-vae-2d@1', 'mnist-cvae@1', 'fashion-vae@1', 'glyphs-vae@1'];

export const anomaly: Experiment = {
  id: 'anomaly',
  title: 'usual or not: areas under ROC curves of anomaly scores',
  // A cell is there or it is not: none has a curve to go on with.
  samples: 1,
  cells: {
    ...Object.fromEntries(
      SHIPPED.map((name) => [name.split('@')[0]!, (context: Context) => shippedCell(name, context)]),
    ),
    ...Object.fromEntries(
      Array.from({ length: 10 }, (_, digit) => [
        `digit-${digit}`,
        (context: Context) => oneClassCell(digit, context),
      ]),
    ),
  },
};
