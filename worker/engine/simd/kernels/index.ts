// The kernel module: what the planner may call. `npm run kernels` compiles it to kernels.wasm.
export { convolveLast } from './convolve-last';
export { convolvePlanes } from './convolve-planes';
export { elementwise } from './elementwise';
export { fold } from './fold';
export { widen } from './half';
export { pack, packHalf } from './pack';
export { product } from './product';
export { reduce } from './reduce';
export { shapeTable } from './shape';
export { scatter, take } from './take';

/** First byte of memory that is the planner's. */
export function heapBase(): usize {
  return __heap_base;
}
