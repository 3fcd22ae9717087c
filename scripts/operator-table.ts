// The engine's table of operators, from the code that decides: `npx tsx scripts/operator-table.ts` puts it into the README
// of the engine.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeAtomically } from '../train/io/files.ts';
import { OPSETS } from '../worker/engine/simd/check.ts';
import { DECLINED } from '../worker/engine/simd/operators/declined.ts';
import { LAST, SCHEMAS } from '../worker/engine/simd/operators/schema.ts';
import { OPERATORS } from '../worker/engine/simd/operators/table.ts';

export const ENGINE_README = 'worker/engine/simd/README.md';
const MARKS = ['<!-- operators:begin -->', '<!-- operators:end -->'] as const;

function operatorTable(): string {
  const rows = Object.keys(OPERATORS)
    .sort()
    .map((name) => {
      const since = Math.max(OPSETS.oldest, SCHEMAS[name]![0]!.since);
      return `| ${name} | ${since}–${LAST[name] ?? OPSETS.newest} | ${DECLINED[name] ?? ''} |`;
    });
  return ['| operator | opsets | declined |', '|---|---|---|', ...rows].join('\n');
}

/** `text` with the table between its marks. @throws Error where there are none. */
export function withOperatorTable(text: string): string {
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
  if (begin < 0 || end < begin)
    throw new Error(`operator-table: ${ENGINE_README} must have ${MARKS.join(' and ')}`);
  return `${text.slice(0, begin + MARKS[0].length)}\n${operatorTable()}\n${text.slice(end)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeAtomically(ENGINE_README, withOperatorTable(readFileSync(ENGINE_README, 'utf8')));
