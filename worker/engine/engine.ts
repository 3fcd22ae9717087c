// Contract 5: what the app knows of an inference engine.

export type Tensor = { shape: number[]; data: Float32Array };

/** A name stands for a dimension that is free, such as `batch`; an output of which nothing is known has no axes. */
export type TensorSpec = { name: string; shape: readonly (number | string)[] };

export type Session = {
  inputs: TensorSpec[];
  outputs: TensorSpec[];
  /** Whether image i of a batch has the same bytes as image i alone. */
  batchInvariant: boolean;
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
};

export type Engine = {
  name: string;
  /**
   * The session may go on reading `onnx`, and the `files` beside it in which its weights lie, by the names that it
   * gives them: their bytes must stay as they are.
   * @throws Error when the bytes are not a graph that the engine can run.
   */
  load(onnx: Uint8Array, files?: Readonly<Record<string, Uint8Array>>): Promise<Session>;
};
