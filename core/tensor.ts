// A tensor on the host: what graphs are fed and what they answer.

/** Row-major float32. */
export type Tensor = { shape: number[]; data: Float32Array };
