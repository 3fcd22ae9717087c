// The cells of Table 2 of Jang, Gu & Poole 2017, and what the paper prints in them.
import type { ClassGradient } from '../../methods/semi-supervised.ts';

export type Row = { title: string; elbo: number; accuracy: number };

/** One cell for each way to treat the class of an image without label. */
export const ROWS: Record<ClassGradient, Row> = {
  marginalised: { title: 'summed over', elbo: -106.8, accuracy: 92.6 },
  'gumbel-softmax': { title: 'Gumbel-Softmax', elbo: -109.6, accuracy: 92.4 },
  'st-gumbel-softmax': { title: 'straight-through Gumbel-Softmax', elbo: -110.7, accuracy: 93.6 },
};
export const ROW_NAMES = Object.keys(ROWS) as ClassGradient[];

/** Images without label, each shown once an epoch, and the epochs of a run that is not cut short. */
export const UNLABELLED = 50_000;
export const EPOCHS = 20;
/** Held-out images whose labels choose α. */
export const CHOOSING = 2000;

/** Sets of labelled images, each with first weights and batches of its own. */
export const SEEDS = ['1', '2', '3', '4', '5'];
