// The cells of the study of few labels: numbers of labels, and subsets of so many of them.

/** As many of each class. */
export const LABELS = [20, 50, 100, 200] as const;
/** Subsets of labelled images, each with first weights and batches of its own. */
export const SEEDS = ['1', '2', '3'] as const;

export const nameOf = (labels: number, seed: string): string => `${labels}-labels-seed${seed}`;
