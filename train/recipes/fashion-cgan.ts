// Articles of clothing by class.
import type { GanRecipe } from '../families/gan.ts';
import { mnistCgan } from './mnist-cgan.ts';

export const fashionCgan = { ...mnistCgan, dataset: 'fashion-mnist' } satisfies GanRecipe;
