// What every benchmark leaves: a table on the terminal and, with --json=FILE, the figures with their circumstances.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';

export type Row = Record<string, string | number>;
export type Report = { title: string; protocol: string; seed: string; packages: string[]; rows: Row[] };

const format = (value: string | number | undefined) =>
  typeof value !== 'number' || Number.isInteger(value)
    ? String(value ?? '')
    : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

/** A column per key, in order of first use. */
const keysOf = (rows: readonly Row[]) => [...new Set(rows.flatMap((row) => Object.keys(row)))];
const isNumeric = (rows: readonly Row[], key: string) =>
  rows.every((row) => typeof (row[key] ?? 0) === 'number');

/** Lines of a table; numbers to the right. */
export function table(rows: readonly Row[]): string {
  const keys = keysOf(rows);
  const isNumber = (key: string) => isNumeric(rows, key);
  const width = (key: string) => Math.max(key.length, ...rows.map((row) => format(row[key]).length));
  const line = (cell: (key: string) => string) =>
    keys
      .map((key) => (isNumber(key) ? cell(key).padStart(width(key)) : cell(key).padEnd(width(key))))
      .join('  ')
      .trimEnd();
  return [line((key) => key), line((key) => '-'.repeat(width(key)))]
    .concat(rows.map((row) => line((key) => format(row[key]))))
    .join('\n');
}

/** The same in Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const keys = keysOf(rows);
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(keys),
    line(keys.map((key) => (isNumeric(rows, key) ? '--:' : '---'))),
    ...rows.map((row) => line(keys.map((key) => format(row[key])))),
  ].join('\n');
}

/** Processor, memory and system, without any name of the machine. */
function machine() {
  const [cpu] = cpus();
  return {
    processor: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
}

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;

/** Prints the report and writes it to `file`, if one is named. */
export function publish(report: Report, file: string | undefined): void {
  const { processor, cores, system, node } = machine();
  console.log(
    `\n${report.title}\n${report.protocol}\n${processor}, ${cores} cores, ${system}, Node ${node}\n`,
  );
  console.log(table(report.rows));
  if (file === undefined) return;
  const versions = Object.fromEntries(report.packages.map((name) => [name, versionOf(name)]));
  const { packages: _, ...figures } = report;
  const json = { ...figures, date: new Date().toISOString().slice(0, 10), machine: machine(), versions };
  writeFileSync(`${file}.part`, `${JSON.stringify(json, null, 2)}\n`);
  renameSync(`${file}.part`, file);
  console.log(`\nWritten: ${file}`);
}
