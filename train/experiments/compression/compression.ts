// Rate and distortion of codes on test images: models that ship, and the linear transform of the same data sets.
import type { Context, Program } from '../experiment.ts';
import { byComponents } from './components.ts';
import { byModel } from './model.ts';

const MODELS = [
  'mnist-vae@1',
  'mnist-cvae@1',
  'mnist-vae-2d@1',
  'mnist-dvae@1',
  'mnist-hvae@1',
  'mnist-rows@2',
  'fashion-vae@1',
  'fashion-dvae@1',
  'glyphs-vae@1',
  'frey-vae@1',
  'faces-vae@1',
];
const DATA_SETS = ['mnist', 'fashion-mnist', 'glyphs', 'frey-face', 'fer'] as const;

/** Nothing is trained: the training images that frequencies are of. */
export const samples = 1;

export const cells: Program['cells'] = {
  ...Object.fromEntries(MODELS.map((name) => [name, (context: Context) => byModel(name, context)])),
  ...Object.fromEntries(
    DATA_SETS.map((id) => [`${id}-pca`, (context: Context) => byComponents(id, context)]),
  ),
};
