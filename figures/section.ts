// What results/ says of one experiment: its claims judged, its figure, pictures and table. results/README.md and the
// page show the same sections.
import type { Chart } from './chart.ts';

export type Claim = {
  /** The paper's claim, a sentence without its full stop. */
  claim: string;
  verdict: 'held' | 'held in part' | 'not held';
  /** The figures behind the verdict, in sentences. */
  found: string;
};
/** Cells as text; `numeric` columns stand to the right. */
export type Table = { columns: { name: string; numeric: boolean }[]; rows: string[][] };
/** `file` stands in the folder of the experiment; sizes in pixels. */
export type Picture = { file: string; caption: string; width: number; height: number };

export type Section = {
  /** Name of the experiment and of its folder. */
  id: string;
  title: string;
  claims: Claim[];
  chart?: Chart;
  pictures: Picture[];
  table?: Table;
  notes: string[];
  /** Data sets and variants. */
  data: string;
};
