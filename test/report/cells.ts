// Made-up cells of experiments.
import type { Cell, Cells } from '../../train/experiments/experiment.ts';

/** A cell with what a test says of it. */
export const cell = (name: string, what: Partial<Cell> = {}): Cell => ({
  experiment: 'made-up',
  cell: name,
  values: {},
  unit: 'nats',
  protocol: '',
  settings: {},
  seed: '1',
  data: { set: 'MNIST', variant: 'grey', train: 2, test: 1 },
  samples: 1,
  wallSeconds: 1,
  machine: { processor: 'P', threads: 1, backend: 'cpu', load: 1 },
  ...what,
});

export const cellsOf = (...all: Cell[]): Cells => new Map(all.map((one) => [one.cell, one]));
