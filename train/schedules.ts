// Scalars that change on the way of a run: learning rates, KL weights, temperatures, momentum.

/** Where a step stands: `epoch` counts in fractions from 0 to `epochs`, `step` in whole steps from the beginning. */
export type At = { epoch: number; epochs: number; step: number };

export type ScheduledValue = (at: At) => number;

export const constant =
  (value: number): ScheduledValue =>
  () =>
    value;

/** Half a cosine from `from` at the beginning of the run to `to` at its end (Loshchilov & Hutter 2017, Eq. 5). */
export const cosine =
  (from: number, to: number): ScheduledValue =>
  ({ epoch, epochs }) =>
    to + 0.5 * (from - to) * (1 + Math.cos(Math.PI * (epoch / epochs)));

/** From 0 to 1 over the first `over` epochs; 1 all the way where that is 0. */
export const warmUp =
  (over: number): ScheduledValue =>
  ({ epoch }) =>
    over > 0 ? Math.min(1, epoch / over) : 1;

/** A straight line from `from` at epoch `first` to `to` at epoch `last`, level before and after. */
export const linear =
  (from: number, to: number, first: number, last: number): ScheduledValue =>
  ({ epoch }) =>
    from + (to - from) * Math.min(1, Math.max(0, (epoch - first) / (last - first)));

/** max(`floor`, `from` · exp(−`rate` · t)), t the step, renewed every `every` steps (Jang et al. 2017, Section 4.2). */
export const flooredExponential =
  (from: number, rate: number, floor: number, every = 1): ScheduledValue =>
  ({ step }) =>
    Math.max(floor, from * Math.exp(-rate * every * Math.floor(step / every)));

/** One schedule over the first epochs, another over the rest, as if either were a run of its own; steps count on. */
export const inTurn =
  (first: number, before: ScheduledValue, after: ScheduledValue): ScheduledValue =>
  ({ epoch, epochs, step }) =>
    epoch < first
      ? before({ epoch, epochs: first, step })
      : after({ epoch: epoch - first, epochs: epochs - first, step });

/** The value of every schedule at `at`. */
export const valuesAt = (schedules: Record<string, ScheduledValue>, at: At): Record<string, number> =>
  Object.fromEntries(Object.entries(schedules).map(([name, value]) => [name, value(at)]));
