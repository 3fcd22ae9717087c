// NaN and infinities stop here, where results are made: whatever comes of them would be nonsense under a good name.
import type { Results, Session } from '../engine/engine.ts';
import { Problem } from '../http/problem.ts';

/** @throws Problem 422 naming the first of `values` that is no finite number. */
export function requireFinite(what: string, values: Iterable<readonly [name: string, value: number]>): void {
  for (const [name, value] of values)
    if (!Number.isFinite(value))
      throw new Problem(422, `${what} has no finite answer to this: ${name} is ${value}`);
}

/** A sum is finite only if all its parts are, and if it is not they are looked at one by one. */
function requireAll(results: Results): Results {
  for (const [name, { data }] of Object.entries(results)) {
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += data[i]!;
    if (!Number.isFinite(sum))
      requireFinite(
        'the model',
        Array.from(data, (value, i) => [`${name}[${i}]`, value] as const),
      );
  }
  return results;
}

/** The same session, which refuses an input whose outputs hold a number that is none. @throws Problem 422 */
export function finiteOnly(session: Session): Session {
  const { run, runEach } = session;
  const checked: Partial<Session> = {
    run: async (feeds) => requireAll(await run(feeds)),
    ...(runEach ? { runEach: async (list) => (await runEach(list)).map((one) => requireAll(one)) } : {}),
  };
  // What a session says of itself may be found out only when it is asked: it stays as it is.
  return Object.assign(session, checked);
}
