// Shapes while a graph is recorded: the dynamic batch, and what is repeated to a larger shape.
import type { Value } from '../../graph-builder.ts';
import type { Batch, Recorder } from '../recorder.ts';

export const size = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

/** Whether a dimension is the dynamic batch, or a multiple of it. */
export const isBatch = ({ batch }: Recorder, d: number): boolean =>
  batch !== undefined && d > 0 && d % batch.size === 0;

/** The dynamic batch as an int64 vector of one element, times a whole number. */
function batchTimes(r: Recorder, { value, axis }: Batch, factor: number): Value {
  const whole = r.emit('Shape', [value], [value.shape.length], {}, 'int64');
  const batch = r.emit('Gather', [whole, r.int64([axis])], [1], { axis: 0 });
  return factor === 1 ? batch : r.emit('Mul', [batch, r.int64([factor])], [1]);
}

/** A shape as an input of a node: stored, or where it holds the batch, computed from that of the batch. */
export function shapeInput(r: Recorder, shape: readonly number[]): Value {
  const { batch } = r;
  if (!batch || !shape.some((d) => isBatch(r, d))) return r.int64(shape);
  const parts = shape.map((d) => (isBatch(r, d) ? batchTimes(r, batch, d / batch.size) : r.int64([d])));
  return parts.length === 1 ? parts[0]! : r.emit('Concat', parts, [shape.length], { axis: 0 });
}

/** The shape of values inside a graph that was put in. */
export const UNKNOWN = -1;

/** What an Expand repeats; the value itself where it is none, or of a graph whose shapes are not known. */
export function repeated(r: Recorder, x: Value): Value {
  const made = r.builder.producer(x);
  const source = made?.op === 'Expand' ? made.inputs[0]! : x;
  return source.shape.includes(UNKNOWN) ? x : source;
}

/** `x` repeated to a shape that it broadcasts to. */
export const expand = (r: Recorder, x: Value, shape: readonly number[]): Value =>
  sameShape(x.shape, shape) ? x : r.emit('Expand', [repeated(r, x), shapeInput(r, shape)], shape);
