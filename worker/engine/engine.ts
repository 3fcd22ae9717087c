// Contract 5: what the app knows of an inference engine.

export type Tensor = { shape: number[]; data: Float32Array };

export type Session = {
  inputs: string[];
  outputs: string[];
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
};

export type Engine = {
  name: string;
  /** @throws Error when the bytes are not a graph that the engine can run. */
  load(onnx: Uint8Array): Promise<Session>;
};
