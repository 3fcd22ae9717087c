// What results/ says, experiment by experiment, from the JSON of its cells alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Picture, Section } from '../figures/section.ts';
import { type Row, tableOf } from '../figures/table.ts';
import { figure2, figure3 } from '../train/experiments/aevb/charts.ts';
import { figure2Claims, figure2Rows, figure3Claims, figure3Rows } from '../train/experiments/aevb/claims.ts';
import { speedClaims, speedRows } from '../train/experiments/aevb/speed-table.ts';
import { anomalyClaims, anomalyNotes, anomalyRows } from '../train/experiments/anomaly/table.ts';
import { type Cell, measured, readCells } from '../train/experiments/cells.ts';
import {
  compressionChart,
  compressionNotes,
  compressionRows,
} from '../train/experiments/compression/figure.ts';
import { faceEditNotes, faceEditRows } from '../train/experiments/faces/table.ts';
import { iwaeClaims, iwaeRows } from '../train/experiments/iwae/table.ts';

type Cells = Map<string, Cell>;
type Body = Partial<Pick<Section, 'claims' | 'chart' | 'notes'>> & { rows?: Row[] };

/** Experiments in the order of their sections; what the section of each says. */
const EXPERIMENTS: Record<string, { title: string; body(cells: Cells): Body }> = {
  'aevb-figure-2': {
    title: 'AEVB, Figure 2: lower bound',
    body: (cells) => ({
      claims: figure2Claims(figure2Rows(cells)),
      chart: figure2(cells),
      rows: figure2Rows(cells),
      notes: ['Samples are training images; the dreams of wake-sleep, as many again, are not counted.'],
    }),
  },
  'aevb-figure-3': {
    title: 'AEVB, Figure 3: marginal likelihood',
    body: (cells) => ({
      claims: figure3Claims(cells),
      chart: figure3(cells),
      rows: figure3Rows(cells),
    }),
  },
  'aevb-appendix-a': {
    title: 'AEVB, Appendix A: manifolds and samples',
    body: () => ({ notes: ['The paper shows such pictures and claims no figure for them.'] }),
  },
  'aevb-speed': {
    title: 'AEVB: speed',
    body: (cells) => ({
      claims: speedClaims(cells),
      rows: speedRows(cells),
      notes: ['The load is that of the whole machine, other work included; rates suffer from it.'],
    }),
  },
  'iwae-table-1': {
    title: 'IWAE, Table 1, one stochastic layer',
    body: (cells) => ({
      claims: iwaeClaims(cells),
      rows: iwaeRows(cells),
      notes: ['The paper trains for 3280 epochs.'],
    }),
  },
  anomaly: {
    title: 'Usual or not: anomaly scores',
    body: (cells) => ({
      claims: anomalyClaims(cells),
      rows: anomalyRows(cells),
      notes: anomalyNotes(cells),
    }),
  },
  compression: {
    title: 'Compression by latents',
    body: (cells) => ({
      chart: compressionChart(cells),
      rows: compressionRows(cells),
      notes: compressionNotes(cells),
    }),
  },
  'face-edits': {
    title: 'Faces edited, as a classifier sees them',
    body: (cells) => ({ rows: faceEditRows(cells), notes: faceEditNotes(cells) }),
  },
};

/** An experiment that nobody has said more about: every figure of its cells. */
const plainRows = (cells: Cells): Row[] =>
  [...cells.values()].map((cell) => ({
    cell: cell.cell,
    samples: cell.samples,
    ...Object.fromEntries(Object.keys(cell.values).map((name) => [name, measured(cell, name)])),
  }));

function pictureOf(root: string, { experiment, cell, samples, picture }: Cell): Picture[] {
  if (picture === undefined) return [];
  // The header of a PNG: width and height stand at byte 16 and 20.
  const bytes = readFileSync(join(root, experiment, picture));
  const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  return [{ file: picture, caption: `${cell} (${samples} training samples)`, ...size }];
}

/** Every folder of `root` that holds cells; those of `EXPERIMENTS` first. */
export function readSections(root: string): Section[] {
  const others = existsSync(root)
    ? readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !(entry.name in EXPERIMENTS))
        .map(({ name }) => name)
    : [];
  return [...Object.keys(EXPERIMENTS), ...others.sort()].flatMap((id) => {
    const cells = readCells(root, id);
    if (cells.size === 0) return [];
    const { title, body } = EXPERIMENTS[id] ?? {
      title: id,
      body: (found: Cells): Body => ({ rows: plainRows(found) }),
    };
    const { rows, claims = [], notes = [], chart } = body(cells);
    const data = new Set([...cells.values()].map((cell) => `${cell.data.set}: ${cell.data.variant}`));
    return {
      id,
      title,
      claims,
      ...(chart && chart.rows.length > 0 ? { chart } : {}),
      pictures: [...cells.values()].flatMap((cell) => pictureOf(root, cell)),
      ...(rows ? { table: tableOf(rows) } : {}),
      notes,
      data: [...data].join('; '),
    };
  });
}
