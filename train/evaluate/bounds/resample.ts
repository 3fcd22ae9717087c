// Systematic resampling (Kitagawa 1996).
import { logSumExp } from './log-sum-exp.ts';

/**
 * `draws` indices into `logWeights`, in shares of their exponentials: one `uniform` number in (0, 1) sets a comb of as
 * many teeth, so an index with the share w is there ⌊draws · w⌋ or ⌈draws · w⌉ times.
 */
export function resample(logWeights: readonly number[], draws: number, uniform: number): number[] {
  const total = logSumExp(logWeights);
  const chosen: number[] = [];
  let passed = 0;
  for (const [i, logWeight] of logWeights.entries()) {
    passed += Math.exp(logWeight - total) * draws;
    while (chosen.length < draws && chosen.length + uniform < passed) chosen.push(i);
  }
  // Rounding may leave the last tooth beyond the last weight.
  while (chosen.length < draws) chosen.push(logWeights.length - 1);
  return chosen;
}
