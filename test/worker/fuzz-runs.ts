// How long fuzzers run: a few hundred cases in the suite; `npm run fuzz` sets a time and a seed, which is printed.
import fc, { type RunDetails } from 'fast-check';

declare const process: { env: Record<string, string | undefined> } | undefined;

const environment = typeof process === 'undefined' ? {} : process!.env;
const seconds = Number(environment.FUZZ_SECONDS ?? 0);
const seed = environment.FUZZ_SEED === undefined ? undefined : Number(environment.FUZZ_SEED);

/** Milliseconds after which a request counts as one that hangs. */
const HANG = 20_000;

/** Says how many requests there were, and fails as fast-check does by itself. */
async function report<T>(details: RunDetails<T>): Promise<void> {
  if (details.failed) throw new Error(await fc.asyncDefaultReportMessage(details));
  if (seconds > 0) console.log(`fuzz: ${details.numRuns} requests, seed ${details.seed}`);
}

/** Settings of fast-check, for `cases` in the suite; each case is one request. */
export const runs = (cases: number) => ({
  timeout: HANG,
  asyncReporter: report,
  ...(seed === undefined ? {} : { seed }),
  ...(seconds > 0
    ? { numRuns: 1e9, interruptAfterTimeLimit: seconds * 1000, skipEqualValues: false }
    : { numRuns: cases }),
});

/** Milliseconds that a test of them may take. */
export const FUZZ_TIMEOUT = 60_000 + 2000 * seconds;
