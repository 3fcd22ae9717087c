// What every benchmark leaves: a table on the terminal and, with --json=FILE, the figures with their circumstances.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import type { Table } from '../figures/section.ts';

export type Row = Record<string, string | number>;
export type Report = { title: string; protocol: string; seed: string; packages: string[]; rows: Row[] };

const format = (value: string | number | undefined) =>
  typeof value !== 'number' || Number.isInteger(value)
    ? String(value ?? '')
    : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

/** A column per key, in order of first use; one of numbers alone is numeric. */
export function tableOf(rows: readonly Row[]): Table {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = keys.map((name) => ({
    name,
    numeric: rows.every((row) => typeof (row[name] ?? 0) === 'number'),
  }));
  return { columns, rows: rows.map((row) => keys.map((key) => format(row[key]))) };
}

/** Lines of a table; numbers to the right. */
export function table(all: readonly Row[]): string {
  const { columns, rows } = tableOf(all);
  const widths = columns.map(({ name }, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (columns[i]!.numeric ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [columns.map(({ name }) => name), widths.map((width) => '-'.repeat(width)), ...rows]
    .map(line)
    .join('\n');
}

/** The same in Markdown. */
export function markdownOf({ columns, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const names = columns.map(({ name }) => name);
  return [line(names), line(columns.map(({ numeric }) => (numeric ? '--:' : '---'))), ...rows.map(line)].join(
    '\n',
  );
}
export const markdownTable = (rows: readonly Row[]): string => markdownOf(tableOf(rows));

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
