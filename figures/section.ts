// What results/ says of one experiment: its claims judged, its figure, pictures and table. results/README.md and the
// page show the same sections.
import type { Chart } from './chart.ts';
import type { Game } from './game.ts';
import type { Table } from './table.ts';

/**
 * `ahead so far`: the claim is of runs that came to rest; these have not, and it holds as far as they came.
 * `not reached`: what was measured does not decide it, being too short or within its own error.
 */
export type Verdict = 'held' | 'held in part' | 'not held' | 'ahead so far' | 'not reached';

export type Claim = {
  /** The paper's claim, a sentence without its full stop. */
  claim: string;
  verdict: Verdict;
  /** The figures behind the verdict, in sentences. */
  found: string;
};
/**
 * What is in a picture, for a page that shows it part by part. `moments`: equal parts of its height, one after another in
 * time, and what to say of each. `neighbours`: rows in threes, images and under each the nearest two of others, and
 * what to say of these, image by image.
 */
export type View =
  | { kind: 'moments'; words: string[] }
  | { kind: 'neighbours'; columns: number; words: string[][] };

/** `file` stands in the folder of the experiment; sizes in pixels. */
export type Picture = { file: string; caption: string; width: number; height: number; view?: View };

export type Section = {
  /** Name of the experiment and of its folder. */
  id: string;
  title: string;
  /** How long the paper trained, and how long the cells did, in sentences. */
  length: string;
  claims: Claim[];
  chart?: Chart;
  game?: Game;
  pictures: Picture[];
  table?: Table;
  notes: string[];
  /** Data sets and variants. */
  data: string;
};

/** As the page of results gets it: what moves is in a file of its own, fetched when it is shown. */
export type PublishedSection = Omit<Section, 'game'> & { gameFile?: string };
