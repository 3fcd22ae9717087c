// What every benchmark leaves: a table on the terminal and, with --json=FILE, the figures with their circumstances.
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { type PlainRow, plainTable, terminalOf } from '../figures/table.ts';
import { writeJson } from '../train/io/files.ts';

export type Report = { title: string; protocol: string; seed: string; packages: string[]; rows: PlainRow[] };

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
  console.log(terminalOf(plainTable(report.rows)));
  if (file === undefined) return;
  const versions = Object.fromEntries(report.packages.map((name) => [name, versionOf(name)]));
  const { packages: _, ...figures } = report;
  const json = { ...figures, date: new Date().toISOString().slice(0, 10), machine: machine(), versions };
  writeJson(file, json);
  console.log(`\nWritten: ${file}`);
}
