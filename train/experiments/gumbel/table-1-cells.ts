// The cells of Table 1 of Jang, Gu & Poole 2017, and what the paper prints in them: nats per image.

export const SEEDS = ['1', '2'] as const;

export const ROW_NAMES = ['sbn-bernoulli', 'sbn-categorical', 'vae-bernoulli', 'vae-categorical'] as const;
export type RowName = (typeof ROW_NAMES)[number];

/** Our names of the estimators. */
export const COLUMN_NAMES = [
  'nvil',
  'darn',
  'muprop',
  'straight-through',
  'slope-annealed',
  'gumbel-softmax',
  'st-gumbel-softmax',
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

/** The paper's. */
export const TITLES: Record<RowName | ColumnName, string> = {
  'sbn-bernoulli': 'SBN (Bern.)',
  'sbn-categorical': 'SBN (Cat.)',
  'vae-bernoulli': 'VAE (Bern.)',
  'vae-categorical': 'VAE (Cat.)',
  nvil: 'SF',
  darn: 'DARN',
  muprop: 'MuProp',
  'straight-through': 'ST',
  'slope-annealed': 'Annealed ST',
  'gumbel-softmax': 'Gumbel-S.',
  'st-gumbel-softmax': 'ST Gumbel-S.',
};

/** By row, in the order of `COLUMN_NAMES`. */
export const PAPER: Record<RowName, readonly number[]> = {
  'sbn-bernoulli': [72.0, 59.7, 58.9, 58.9, 58.7, 58.5, 59.3],
  'sbn-categorical': [73.1, 67.9, 63.0, 61.8, 61.1, 59.0, 59.7],
  'vae-bernoulli': [112.2, 110.9, 109.7, 116.0, 111.5, 105.0, 111.5],
  'vae-categorical': [110.6, 128.8, 107.0, 110.9, 107.8, 101.5, 107.8],
};

/** The paper's own estimators have a second seed. */
export const isMeasured = (column: ColumnName, seed: string): boolean =>
  seed === '1' || column.includes('gumbel');

export const cellName = (row: RowName, column: ColumnName, seed = '1'): string =>
  seed === '1' ? `${row}-${column}` : `${row}-${column}-seed${seed}`;

/** The share of a run at whose end the rate comes to 0, in a straight line. */
export const TAIL = 0.2;
