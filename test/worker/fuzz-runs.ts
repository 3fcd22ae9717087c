// How long fuzzers run: a few hundred cases in the suite; `npm run fuzz` sets a time and a seed, which is printed.
declare const process: { env: Record<string, string | undefined> } | undefined;

const environment = typeof process === 'undefined' ? {} : process!.env;
const seconds = Number(environment.FUZZ_SECONDS ?? 0);
const seed = environment.FUZZ_SEED === undefined ? undefined : Number(environment.FUZZ_SEED);

/** Settings of fast-check, for `cases` in the suite. */
export const runs = (cases: number) => ({
  ...(seed === undefined ? {} : { seed }),
  ...(seconds > 0
    ? { numRuns: 1e9, interruptAfterTimeLimit: seconds * 1000, skipEqualValues: false }
    : { numRuns: cases }),
});

/** Milliseconds that a test of them may take. */
export const FUZZ_TIMEOUT = 60_000 + 2000 * seconds;
