// Sums of exponentials whose exponents are far apart.

/** log Σ exp of what has been added so far. */
export function createLogSumExp(): { add(value: number): void; value(): number } {
  let largest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  return {
    add(value) {
      if (value === Number.NEGATIVE_INFINITY) return;
      if (value <= largest) sum += Math.exp(value - largest);
      else {
        sum = sum * Math.exp(largest - value) + 1;
        largest = value;
      }
    },
    value: () => largest + Math.log(sum),
  };
}

/** log Σ exp of `values`. */
export function logSumExp(values: ArrayLike<number>): number {
  const sum = createLogSumExp();
  for (let i = 0; i < values.length; i++) sum.add(values[i]!);
  return sum.value();
}
