// Anomaly scores, measured: the models that ship against other pictures, and one digit against the nine others.
import type { Context, Program } from '../experiment.ts';
import { falseAlarmsCell } from './false-alarms.ts';
import { oneClassCell } from './one-class.ts';
import { shippedCell } from './shipped.ts';

const SHIPPED = ['mnist-vae@1', 'mnist-vae-2d@1', 'mnist-cvae@1', 'fashion-vae@1', 'glyphs-vae@1'];
/** Models that no other set is of the size of, and those whose like is above: false alarms alone. */
const MORE_SHIPPED = ['mnist-hvae@1', 'mnist-rows@1', 'frey-vae@1', 'faces-vae@1'];

/** A cell is there or it is not: none has a curve to go on with. */
export const samples = 1;

export const cells: Program['cells'] = {
  ...Object.fromEntries(
    SHIPPED.map((name) => [name.split('@')[0]!, (context: Context) => shippedCell(name, context)]),
  ),
  ...Object.fromEntries(
    MORE_SHIPPED.map((name) => [name.split('@')[0]!, (context: Context) => falseAlarmsCell(name, context)]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, digit) => [
      `digit-${digit}`,
      (context: Context) => oneClassCell(digit, context),
    ]),
  ),
};
