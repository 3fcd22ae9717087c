// --sweep=learningRate:1e-4,3e-4,1e-3: a run for each value, and a table at the end. They are compared, and the best is
// chosen, by validation images alone.
import { type Column, tableOf, terminalOf } from '../figures/table.ts';
import type { Selection } from './families/family.ts';
import { Diverged } from './fit.ts';
import { type ChooseOptions, chooseRun } from './run/choose-run.ts';
import { bestMetrics } from './run/session.ts';
import { type TrainOptions, trainOne } from './run/train-one.ts';

/** Settings that change what a validation figure is of, so that figures of two values cannot be compared. */
const INCOMPARABLE = [
  'dataset',
  'variant',
  'validation',
  'likelihood',
  'selectSamples',
  'selectImages',
  'select',
];

/** `name:a,b,c`; values that hold commas themselves, as lists do, are parted by `;`. @throws Error naming what is wrong. */
export function parseSweep(text: string): { setting: string; values: string[] } {
  const [, setting, listed] = /^(\w+):(.+)$/.exec(text) ?? [];
  const values = listed?.split(listed.includes(';') ? ';' : ',') ?? [];
  if (!setting || values.length < 2 || values.includes('') || new Set(values).size < values.length)
    throw new Error(
      `--sweep=${text} is not allowed; give a setting and two or more values, like learningRate:1e-4,3e-4,1e-3`,
    );
  if (INCOMPARABLE.includes(setting))
    throw new Error(`--sweep=${text}: validation figures of two values of ${setting} cannot be compared`);
  return { setting, values };
}

export type SweepRow = {
  value: string;
  run: string;
  /** Nothing where training diverged. */
  score?: number;
  epoch?: number;
};

/** The row whose score is best; nothing where no training came to its end. */
export function bestRow(rows: readonly SweepRow[], better: 'higher' | 'lower'): SweepRow | undefined {
  const sign = better === 'higher' ? 1 : -1;
  return rows.filter(({ score }) => score !== undefined).toSorted((a, b) => sign * (b.score! - a.score!))[0];
}

/** Lines for a terminal. */
export function sweepTable(
  setting: string,
  rows: readonly SweepRow[],
  { by, better }: Exclude<Selection, 'last'>,
): string {
  const best = bestRow(rows, better);
  const columns: Column<SweepRow>[] = [
    { name: setting, kind: 'text', of: ({ value }) => value },
    { name: `validation ${by}`, kind: 'number', decimals: 2, of: ({ score }) => score },
    { name: 'epoch', kind: 'number', of: ({ epoch }) => epoch },
    { name: 'run', kind: 'text', of: ({ run }) => run },
    {
      name: '',
      kind: 'text',
      of: (row) => (row === best ? 'best' : row.score === undefined ? 'diverged' : ''),
    },
  ];
  return terminalOf(tableOf(rows, columns));
}

/** Trains a run for each value, one after the other. */
export async function sweep(
  text: string,
  asked: string | undefined,
  { name, resume, dryRun }: ChooseOptions,
  overrides: Record<string, string>,
  options: TrainOptions,
): Promise<void> {
  const { setting, values } = parseSweep(text);
  if (dryRun) throw new Error('--sweep and --dry-run do not go together: a dry run keeps nothing to compare');
  if (resume && !name) throw new Error('--sweep --resume needs the --name that the sweep began with');
  if (setting in overrides) throw new Error(`--${setting} is swept, so it cannot be given as well`);
  const stem = name ?? `${asked ?? 'quick'}-${Date.now().toString(36)}`;
  // Every value is looked at before the first is trained.
  const chosen = values.map((value) => {
    const run = `${stem}-${setting}-${value.replaceAll(',', 'x')}`;
    return chooseRun(asked ?? 'quick', { name: run, resume, dryRun }, { ...overrides, [setting]: value }, []);
  });
  const rows: SweepRow[] = [];
  let select: Selection | undefined;
  for (const [i, one] of chosen.entries()) {
    const row = { value: values[i]!, run: one.folder };
    console.log(`\n${setting}=${row.value}, ${i + 1} of ${values.length}`);
    try {
      if (!(await trainOne(one, options))) {
        console.log(`the sweep goes on with the same command, --name=${stem} and --resume`);
        return;
      }
      const best = bestMetrics(one.folder);
      select = best.select;
      if (select === 'last')
        throw new Error(
          '--sweep chooses by a validation figure; this recipe keeps the last epoch, and has none',
        );
      rows.push({ ...row, epoch: best.epoch, score: best.validation[select.by]! });
    } catch (error) {
      if (!(error instanceof Error && error.cause instanceof Diverged)) throw error;
      console.log(error.message);
      rows.push(row);
    }
  }
  if (!select || select === 'last') throw new Error(`--sweep=${text}: every training diverged`);
  console.log(`\n${sweepTable(setting, rows, select)}`);
  const best = bestRow(rows, select.better)!;
  console.log(`next: npm run evaluate -- ${best.run}, for its test figures alone`);
}
