// What an experiment is: cells that can be computed one by one, each leaving one JSON file.
import type { Image } from '../../core/image/image.ts';
import type { Quantity } from '../../figures/numbers.ts';
import type { Section, View } from '../../figures/section.ts';
import type { Share } from '../../figures/share.ts';
import type { DataSet } from '../data/data-set.ts';
import type { DataSetId } from '../data/registry.ts';
import type { Backend } from '../runner/backends.ts';

export type Measured = Quantity | Share;

export type CellResult = {
  /** Named figures; nats per image unless `unit` says otherwise. */
  values: Record<string, Measured>;
  /** A figure of `values` image by image, whose mean it is: differences between cells have paired errors by it. */
  perImage?: Record<string, number[]>;
  /** The same as means over groups of images in a row, where images are many or, frames of a video, not independent. */
  perGroup?: Record<string, number[]>;
  unit: string;
  /** What exactly was done, for a reader who wants to do it again. */
  protocol: string;
  settings: Record<string, string | number | boolean | number[] | string[]>;
  seed: string;
  /** Data set and variant: grey, static, dynamic, or grey density. */
  data: {
    set: string;
    variant: string;
    train: number;
    test: number;
    /** Which test images figures are of, image by image, where not of all or of the first. */
    part?: string;
  };
  /** Training samples evaluated. */
  samples: number;
  wallSeconds: number;
  /** Rows of numbers under `columns`. */
  curve?: { columns: string[]; rows: number[][] };
  /** Becomes results/<experiment>/<cell>.png. */
  picture?: Image;
};

export type Context = {
  load(id: DataSetId, validation: number): Promise<DataSet>;
  backend: Backend;
  threads: number;
  /** Where the cell keeps its checkpoints. */
  folder: string;
  /** Training samples after which a curve stops for now; its result says how many they were. */
  limit: number;
  log(line: string): void;
};

/** What computes the cells of an experiment. */
export type Program = {
  /** Training samples of a finished cell, which is not computed again unless that is asked for; by its name where they differ. */
  samples: number | ((cell: string) => number);
  cells: Record<string, (context: Context) => Promise<CellResult>>;
};

export type Cell = Omit<CellResult, 'picture'> & {
  experiment: string;
  cell: string;
  picture?: string;
  /** `load`: the load average of the machine when the cell was done. */
  machine: { processor: string; threads: number; backend: string; load?: number };
};
/** By name. */
export type Cells = Map<string, Cell>;

/** An experiment as its folder registers it: light to import, so that a report needs nothing that trains. */
export type Experiment = {
  /** Its name on the command line, and of its folder in results/. */
  id: string;
  title: string;
  /** How long the paper trained, and how long the cells did, in sentences. */
  length(cells: Cells): string;
  /** What the cells say; any of them may be missing. `of` gives those of another experiment. */
  report(
    cells: Cells,
    of: (experiment: string) => Cells,
  ): Partial<Pick<Section, 'claims' | 'chart' | 'game' | 'table' | 'notes'>> & {
    /** What is in the pictures of cells, by their names. */
    views?: Record<string, View>;
  };
  load(): Promise<Program>;
};
