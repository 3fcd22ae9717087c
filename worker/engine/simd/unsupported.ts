// A graph that is well-formed, but outside what this engine runs; another engine may.

export class Unsupported extends Error {
  /** `operator` and what of it: `Resize: mode 'cubic'`. */
  constructor(operator: string, what: string) {
    super(`simd: ${operator}: ${what} is not supported`);
    this.name = 'Unsupported';
  }
}
