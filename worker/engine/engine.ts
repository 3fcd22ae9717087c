// Contract 5: what the app knows of an inference engine. Types alone: the package of the engine hands this file out.

export type Tensor = { shape: number[]; data: Float32Array };

/** A name stands for a dimension that is free, such as `batch`; an output of which nothing is known has no axes. */
export type TensorSpec = { name: string; shape: readonly (number | string)[] };

export type Feeds = Record<string, Tensor>;
export type Results = Record<string, Tensor>;

export type Session = {
  inputs: TensorSpec[];
  outputs: TensorSpec[];
  /** Whether image i of a batch has the same bytes as image i alone. */
  batchInvariant: boolean;
  /** Memory that it holds now, about, in bytes; with the file, where it keeps that. */
  bytes(): number;
  run(feeds: Feeds): Promise<Results>;
  /** Many runs by one call, where a call costs more than a run; the answers in the order of the list. */
  runEach?(list: readonly Feeds[]): Promise<Results[]>;
  release(): Promise<void>;
};

/** A file, or how to read it: then it may be read again, and each time its bytes are the engine's to throw away. */
export type Source = Uint8Array | (() => Promise<Uint8Array>);

export type Engine = {
  name: string;
  /**
   * The session may go on reading the bytes of `onnx`, and the `files` beside it in which its weights lie, by the names
   * that it gives them: they must stay as they are.
   * @throws Error when the bytes are not a graph that the engine can run.
   */
  load(onnx: Source, files?: Readonly<Record<string, Uint8Array>>): Promise<Session>;
};
