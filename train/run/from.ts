// Where a run begins that goes on from another model: the weights of a run, or those that a package holds.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findPackage } from '../evaluate/package.ts';
import type { Built } from '../families/family.ts';
import type { HostTensors, Weights } from '../model.ts';
import { BEST, readCheckpoint } from '../runner/checkpoint.ts';
import { narrowed } from './narrow.ts';
import { weightsOfPackage } from './package-weights.ts';
import { isRun, RUNS } from './run-folder.ts';

/** `wanted` with the values of `found`. @throws Error naming what is not there, or has another shape. */
const taken = (from: string, wanted: HostTensors, found: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(wanted).map(([name, { shape }]) => {
      const one = found[name];
      if (!one)
        throw new Error(
          `--from=${from} holds no ${name}: it must be of the same networks, with all their parts`,
        );
      if (one.shape.join() !== shape.join())
        throw new Error(`--from=${from}: ${name} is [${one.shape}] there, but [${shape}] in this recipe`);
      return [name, { shape, data: one.data.slice() }];
    }),
  );

/**
 * The weights that a run begins with where its recipe says `from`: those that the best checkpoint of a run under runs/
 * is used with, averaged where it has averages, or what the package `id@version` holds; wider hidden layers of a generator
 * are made as narrow as the recipe says. Optimiser, schedules and averages begin anew.
 * @throws Error when there is no such run or package, or no version is named; or naming the graph of other networks, or the weight that it lacks or has in another shape.
 */
export function weightsFrom(
  from: string,
  { model, settle }: Pick<Built, 'model' | 'settle'>,
  fresh: Weights,
): Weights {
  const run = join(RUNS, from);
  const best = join(run, BEST);
  const folder = isRun(run) ? undefined : findPackage(from);
  // The newest version may be another one by the time that somebody repeats this.
  if (folder && basename(folder) !== from)
    throw new Error(`--from=${from} must name a version, such as ${basename(folder)}`);
  if (!folder && !existsSync(best))
    throw new Error(
      isRun(run)
        ? `--from=${from}: no ${BEST} there: that run has not finished an epoch yet`
        : `--from=${from} is neither a run under ${RUNS}/ nor a package in models/ or models/own/`,
    );
  const { params, state } = folder
    ? weightsOfPackage(folder, model, fresh)
    : settle(readCheckpoint(best).weights);
  const narrow = narrowed('generator/', fresh.params, params);
  return { params: taken(from, fresh.params, narrow), state: taken(from, fresh.state, state) };
}
