// The kernel module and its memory.

/** Exports of kernels/index.ts; addresses and strides are bytes. */
type Exports = {
  memory: WebAssembly.Memory;
  heapBase(): number;
  shapeTable(): number;
  elementwise(code: number, out: number, a: number, b: number, alpha: number, beta: number): void;
  reduce(code: number, out: number, a: number, kept: number): void;
  pack(out: number, b: number, k: number, columns: number, strideK: number, strideColumn: number): void;
  packHalf(out: number, b: number, k: number, columns: number, strideK: number): void;
  product(
    a: number,
    lda: number,
    b: number,
    bias: number,
    out: number,
    ldc: number,
    rows: number,
    k: number,
    columns: number,
    room: number,
    code: number,
    alpha: number,
    beta: number,
  ): void;
  convolveLast(...tablesAndSizes: number[]): void;
  convolvePlanes(...tablesAndSizes: number[]): void;
  fold(...addressesAndSizes: number[]): void;
  take(
    out: number,
    a: number,
    index: number,
    outer: number,
    count: number,
    length: number,
    bytes: number,
  ): number;
  scatter(
    out: number,
    a: number,
    bytes: number,
    b: number,
    offsets: number,
    count: number,
    block: number,
  ): void;
  widen(out: number, a: number, n: number): void;
};

export type Kernels = Exports & {
  /** Views of the whole memory, renewed when it grows. */
  bytes: Uint8Array<ArrayBuffer>;
  floats: Float32Array<ArrayBuffer>;
  integers: Int32Array<ArrayBuffer>;
  /** Writes the shape table that `elementwise` and `reduce` read; see kernels/shape.ts. */
  setShape(table: Int32Array): void;
  /** Makes the memory at least `bytes` long; what it holds stays. @throws Error when it cannot. */
  reserve(bytes: number): void;
};

const PAGE = 65_536;

export async function instantiate(module: WebAssembly.Module): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, {});
  const wasm = exports as Exports;
  const table = wasm.shapeTable() / 4;
  const views = () => {
    const buffer = wasm.memory.buffer as ArrayBuffer;
    return {
      bytes: new Uint8Array(buffer),
      floats: new Float32Array(buffer),
      integers: new Int32Array(buffer),
    };
  };
  const kernels: Kernels = {
    ...wasm,
    ...views(),
    setShape: (shape) => kernels.integers.set(shape, table),
    reserve(bytes) {
      const missing = bytes - wasm.memory.buffer.byteLength;
      if (missing <= 0) return;
      try {
        wasm.memory.grow(Math.ceil(missing / PAGE));
      } catch {
        throw new Error(`simd: memory: ${bytes} bytes are more than this machine gives`);
      }
      Object.assign(kernels, views());
    },
  };
  return kernels;
}
