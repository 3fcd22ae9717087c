// The cells of the study of temperatures.
import { type RowName, TITLES } from './table-1-cells.ts';

export const TASKS = ['sbn-categorical', 'vae-categorical'] as const satisfies readonly RowName[];
export type Task = (typeof TASKS)[number];

/** Fixed ones, the paper's annealing, and one that is learned. */
export const TEMPERATURES = ['0.25', '0.5', '1', 'annealed', 'learned'] as const;
export type Temperature = (typeof TEMPERATURES)[number];

export const nameOf = (task: Task, temperature: Temperature): string => `${task}-${temperature}`;
export const titleOf = (task: Task): string => TITLES[task];

/** Steps of a cell. */
export const STEPS = 5000;
