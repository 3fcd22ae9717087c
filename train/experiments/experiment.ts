// What an experiment is: cells that can be computed one by one, each leaving one JSON file.
import type { Image } from '../../core/image/png.ts';
import type { DataSet } from '../data/data-set.ts';
import type { DataSetId } from '../data/registry.ts';
import type { Backend } from '../runner/backends.ts';

export type Measured = { value: number; standardError?: number };

export type CellResult = {
  /** Named figures; nats per image unless `unit` says otherwise. */
  values: Record<string, Measured>;
  /** A figure of `values` image by image, whose mean it is: differences between cells have paired errors by it. */
  perImage?: Record<string, number[]>;
  unit: string;
  /** What exactly was done, for a reader who wants to do it again. */
  protocol: string;
  settings: Record<string, string | number | boolean | number[]>;
  seed: string;
  /** Data set and variant: grey, static, dynamic, or grey density. */
  data: { set: string; variant: string; train: number; test: number };
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

export type Experiment = {
  id: string;
  title: string;
  /** Training samples of a finished cell. */
  samples: number;
  cells: Record<string, (context: Context) => Promise<CellResult>>;
};
