// docs/owners.md with what a deployment weighs and takes, beside what Cloudflare's plans allow, in its marked place.
import { formatNumber } from '../figures/numbers.ts';
import { type Bench, cell, readBench } from './measurements.ts';
import { replaceBlock } from './readme.ts';

const FREE = 'free plan, MB';
const PAID = 'paid plan, MB';
const mb = (value: number) => `${formatNumber(value, value < 1 ? 2 : 1)} MB`;
const limit = (value: number) => `${formatNumber(value, Number.isInteger(value) ? 0 : 1)} MB`;

/** A row for each thing that has a size; where a plan has no room for it, it says so. */
const sizeRows = (sizes: Bench): string[][] =>
  sizes.rows.map((row) => {
    const what = String(row.what);
    const size = cell(sizes, what, 'MB');
    const allowed = (plan: string) => {
      const most = cell(sizes, what, plan);
      return size > most ? `**${limit(most)}: no room**` : limit(most);
    };
    const unpacked = row['unpacked, MB'];
    const more = typeof unpacked === 'number' ? ` (${mb(unpacked)} unpacked)` : '';
    return [what, allowed(FREE), allowed(PAID), `${mb(size)}${more}`];
  });

function costRows(costs: Bench, saturation: Bench): string[][] {
  const milliseconds = (row: string) => `${formatNumber(cell(costs, row, 'CPU ms'), 0)} ms`;
  const dearest = costs.rows
    .filter((row) => typeof row['CPU ms'] === 'number')
    .sort((a, b) => Number(b['CPU ms']) - Number(a['CPU ms']))[0]!;
  const mostOf = (column: string) =>
    `${formatNumber(Math.max(...[...costs.rows, ...saturation.rows].map((row) => Number(row[column]))), 0)} MB`;
  return [
    [
      'processor time of a request',
      '10 ms',
      '30 s',
      `${milliseconds('a digit')} for a digit, ${milliseconds('64 digits')} for 64, ${milliseconds(String(dearest.what))} for the dearest (${dearest.what})`,
    ],
    [
      'memory of an isolate',
      '128 MB',
      '128 MB',
      `${mostOf('isolate, peak MB')} at most in minutes of every model, the largest pictures and photographs, 8 at once; the process, which holds the runtime too, ${mostOf('process, peak MB')} above one with a bare worker`,
    ],
  ];
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** docs/owners.md as the benchmarks under `root` would have it. @throws Error where they were not run. */
export function renderOwners(owners: string, root: string): string {
  const [sizes, costs, saturation] = (['sizes', 'costs', 'saturation'] as const).map((name) =>
    readBench(root, name),
  );
  if (!sizes || !costs || !saturation)
    throw new Error(`report: ${root} must hold bench-sizes.json, bench-costs.json and bench-saturation.json`);
  const rows = [
    ['', 'free plan', 'paid plan', 'dreamlet'],
    ['---', '---', '---', '---'],
    ...sizeRows(sizes),
    ...costRows(costs, saturation),
    [
      'requests a day',
      '100,000',
      'unlimited, paid by number',
      'pictures with a pinned version and a seed are cached for a year',
    ],
  ];
  return replaceBlock(owners, 'plans', rows.map(line).join('\n'), 'docs/owners.md');
}
