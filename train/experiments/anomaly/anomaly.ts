// Anomaly scores, measured: the models that ship against other pictures, and one digit against the nine others.
import type { Context, Program } from '../experiment.ts';
import { oneClassCell } from './one-class.ts';
import { shippedCell } from './shipped.ts';

const SHIPPED = [
  'mnist-vae@1',
  'mnist-vae-2d@1',
  'mnist-cvae@1',
  'mnist-dvae@1',
  'fashion-vae@1',
  'fashion-dvae@1',
  'glyphs-vae@1',
  'mnist-bigan@1',
];

/** A cell is there or it is not: none has a curve to go on with. */
export const samples = 1;

export const cells: Program['cells'] = {
  ...Object.fromEntries(
    SHIPPED.map((name) => [name.split('@')[0]!, (context: Context) => shippedCell(name, context)]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, digit) => [
      `digit-${digit}`,
      (context: Context) => oneClassCell(digit, context),
    ]),
  ),
};
