// The cells of the table of Liu et al. 2023. Rates and temperatures of ReinMax are those of its authors' scripts, the others'
// those of danielwang0452/ReinMax_ASC, which says that they are the paper's; the paper's own rows, nats per image in
// training after 160 epochs, were not read from it here.
import type { DiscreteEstimatorName } from '../../estimators/discrete/table.ts';

/** Latents and the classes of each. */
export const SIZES = {
  '8x4': { classes: 8, variables: 4 },
  '4x24': { classes: 4, variables: 24 },
  '8x16': { classes: 8, variables: 16 },
  '16x12': { classes: 16, variables: 12 },
  '64x8': { classes: 64, variables: 8 },
  '10x30': { classes: 10, variables: 30 },
} as const;
export type Size = keyof typeof SIZES;
export const SIZE_NAMES = Object.keys(SIZES) as Size[];

export type Chosen = {
  title: string;
  estimator: DiscreteEstimatorName;
  /** By size, in the order of `SIZES`. */
  rates: readonly number[];
  temperatures: readonly number[];
  /** Of Gumbel-Rao, for every value. */
  draws?: number;
  paper: readonly number[];
};

/** Straight-through with a temperature is the slope-annealed form at a slope of 1 / τ. */
export const METHODS = {
  stgs: {
    title: 'ST Gumbel-Softmax',
    estimator: 'st-gumbel-softmax',
    rates: [3e-4, 5e-4, 5e-4, 7e-4, 7e-4, 5e-4],
    temperatures: [0.5, 0.3, 0.5, 0.7, 0.7, 0.5],
    paper: [126.85, 101.32, 99.32, 100.09, 104.0, 99.63],
  },
  'gumbel-rao': {
    title: 'Gumbel-Rao',
    estimator: 'gumbel-rao',
    rates: [5e-4, 5e-4, 7e-4, 5e-4, 7e-4, 5e-4],
    temperatures: [0.5, 0.3, 0.7, 1, 2, 1],
    draws: 100,
    paper: [125.94, 99.96, 99.58, 102.54, 112.34, 102.02],
  },
  gapped: {
    title: 'GST-1.0',
    estimator: 'gapped',
    rates: [5e-4, 5e-4, 7e-4, 7e-4, 7e-4, 5e-4],
    temperatures: [1, 0.5, 0.5, 0.5, 0.7, 0.5],
    paper: [126.35, 101.49, 98.29, 98.12, 102.53, 98.64],
  },
  'straight-through': {
    title: 'straight-through',
    estimator: 'slope-annealed',
    // The 7e-3 that is given for the last size is taken for a slip.
    rates: [1e-3, 1e-3, 1e-3, 5e-4, 5e-4, 7e-4],
    temperatures: [1.3, 1.5, 1.5, 1.5, 1.5, 1.4],
    paper: [135.53, 112.03, 112.94, 113.31, 113.9, 112.63],
  },
  reinmax: {
    title: 'ReinMax',
    estimator: 'reinmax',
    rates: [5e-4, 5e-4, 7e-4, 7e-4, 5e-4, 5e-4],
    temperatures: [1.3, 1.5, 1.5, 1.5, 1.5, 1.3],
    paper: [124.66, 99.77, 97.7, 98.06, 100.71, 98.37],
  },
} as const satisfies Record<string, Chosen>;
export type Method = keyof typeof METHODS;
export const METHOD_NAMES = Object.keys(METHODS) as Method[];

export const nameOf = (size: Size, method: Method): string => `${size}-${method}`;
