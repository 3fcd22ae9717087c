// Turns operators into instructions for the kernels. The operators' files call these few methods; what depends on the
// model alone is computed once, and what only moves elements is a view until a kernel needs them.
import type { Instruction } from './instruction.ts';
import { ADD, AFFINE, COPY, DIV, MAX, MIN, MUL, SUB } from './kernels/opcodes.ts';
import type { Kernels } from './kernels.ts';
import { collapse, shapeTable } from './layout.ts';
import { Unsupported } from './unsupported.ts';
import {
  type Buffer,
  broadcastShape,
  broadcastStrides,
  elementsOf,
  isConstant,
  isDense,
  type Kind,
  known,
  type Pending,
  pick,
  rowMajor,
  type Stored,
  sameStrides,
  toInt32,
  type Value,
  type View,
  wrap,
} from './value.ts';

/** Values of at most this many elements are kept as numbers, so that shapes and bounds can be read from them. */
export const MAX_KNOWN = { float: 64, half: 64, double: 64, integer: 8192 } satisfies Record<Kind, number>;

/** Arithmetic that JavaScript and the kernels do to the same bits. */
const FOLD: Record<number, (x: number, y: number) => number> = {
  [ADD]: (x, y) => x + y,
  [SUB]: (x, y) => x - y,
  [MUL]: (x, y) => x * y,
  [DIV]: (x, y) => x / y,
  [MIN]: Math.min,
  [MAX]: Math.max,
};

type Write = {
  code: number;
  shape: readonly number[];
  to: View;
  a: View;
  b?: View;
  alpha?: number;
  beta?: number;
};

export type Builder = ReturnType<typeof createBuilder>;

/** @param intern a short name for a recipe, the same in every plan of a model. */
export function createBuilder(intern: (recipe: string) => string) {
  const instructions: Instruction[] = [];
  /** Buffers that are float16 numbers of the file made wide, and those numbers. */
  const halves = new Map<Buffer, Buffer>();

  const emit = (instruction: Instruction): void => {
    instructions.push(instruction);
  };

  /** `recipe`: all that the contents follow from, where that is nothing that is fed. */
  const buffer = (elements: number, recipe?: readonly unknown[]): Buffer =>
    recipe ? { elements, constant: intern(JSON.stringify(recipe)) } : { elements };

  /** A constant that `write` puts into the memory; the same name means the same contents. */
  function upload(
    name: string,
    elements: number,
    write: (kernels: Kernels, address: number) => void,
  ): Buffer {
    const made: Buffer = { elements, constant: intern(name) };
    emit({
      reads: [],
      writes: [made],
      operations: 0,
      bind: (kernels, at) => () => write(kernels, at(made)),
    });
    return made;
  }

  /** Integers for a kernel to read. */
  const table = (name: string, numbers: readonly number[]): Buffer =>
    upload(`table:${name}`, numbers.length, (kernels, address) => kernels.integers.set(numbers, address / 4));

  /** The value's elements in memory. */
  function viewOf({ kind, shape, known: numbers, pending, view }: Value): View {
    if (view) return view;
    if (pending) {
      pending.view ??= produced(kind, shape, pending, pending.strides);
      return pending.view;
    }
    const whole = kind === 'integer' ? toInt32(numbers!) : undefined;
    const made = upload(`${kind}:${numbers!.join()}`, numbers!.length, (kernels, address) =>
      whole ? kernels.integers.set(whole, address / 4) : kernels.floats.set(numbers!, address / 4),
    );
    return { buffer: made, offset: 0, strides: rowMajor(shape) };
  }

  /** A tensor of `shape` in a buffer of its own. */
  const tensor = (
    kind: Kind,
    shape: readonly number[],
    strides?: readonly number[],
    recipe?: readonly unknown[],
  ): Stored => wrap(kind, shape, buffer(elementsOf(shape), recipe), strides);

  function produced(
    kind: Kind,
    shape: readonly number[],
    pending: Pending,
    strides: readonly number[],
  ): View {
    const { view } = tensor(kind, shape, strides);
    pending.produce(view);
    return view;
  }

  const isWhole = (shape: readonly number[], { buffer: { elements }, offset }: View): boolean =>
    offset === 0 && elements === elementsOf(shape);

  /** to[…] = code(a[…], b[…]) for views of one shape. `fresh`: nothing else is written to that buffer. */
  function write({ code, shape, to, a, b = a, alpha = 0, beta = 0 }: Write, fresh: boolean): void {
    const elements = elementsOf(shape);
    if (elements === 0) return;
    // The output's neighbours are written one after the other.
    const order = shape.map((_, axis) => axis).sort((i, j) => to.strides[j]! - to.strides[i]!);
    const along = (list: readonly number[]) => order.map((axis) => list[axis]!);
    const layout = shapeTable(
      collapse(
        along(shape),
        [to, a, b].map(({ strides }) => along(strides)),
      ),
    );
    const fits = (view: View) => isWhole(shape, view) && sameStrides(shape, view.strides, to.strides);
    const inPlace = [a, b].find(({ buffer: one }) =>
      [a, b].every((other) => other.buffer !== one || fits(other)),
    );
    emit({
      reads: [a.buffer, b.buffer],
      writes: [to.buffer],
      inPlace: fresh ? inPlace?.buffer : undefined,
      operations: elements,
      bind(kernels, at) {
        const [out, x, y] = [to, a, b].map((view) => at(view.buffer) + 4 * view.offset) as [
          number,
          number,
          number,
        ];
        return () => {
          kernels.setShape(layout);
          kernels.elementwise(code, out, x, y, alpha, beta);
        };
      },
    });
  }

  /** `code` of one or two inputs, with broadcasting; `kind` is the result's. @throws Error naming `what`. */
  function elementwise(
    what: string,
    code: number,
    inputs: readonly [Value] | readonly [Value, Value],
    { alpha = 0, beta = 0, kind = inputs[0].kind }: { alpha?: number; beta?: number; kind?: Kind } = {},
  ): Value {
    const [a, b = a] = inputs;
    const shape = broadcastShape(what, a.shape, b.shape);
    const elements = elementsOf(shape);
    const fold = FOLD[code];
    if (a.known && b.known && fold && kind !== 'double' && elements <= MAX_KNOWN[kind]) {
      const [x, y] = [a, b].map((value) =>
        pick(value.known!, shape, broadcastStrides(value.shape, rowMajor(value.shape), shape), 0),
      ) as [number[], number[]];
      const round = kind === 'integer' ? Math.trunc : Math.fround;
      return known(
        kind,
        shape,
        x.map((one, i) => round(fold(one, y[i]!))),
      );
    }
    if (kind === 'integer' && fold)
      throw new Unsupported(what, 'arithmetic on integers that depend on inputs');
    const over = (value: Value): View => {
      const view = viewOf(value);
      return { ...view, strides: broadcastStrides(value.shape, view.strides, shape) };
    };
    const x = over(a);
    const y = b === a ? x : over(b);
    // Images whose channels lie together stay so.
    const dense = [a, b].findIndex(
      (value, i) => value.shape.join() === shape.join() && isDense(shape, [x, y][i]!.strides),
    );
    const strides = [x, y][dense]?.strides;
    const constant = isConstant(a) && isConstant(b);
    const recipe = constant ? ['elementwise', code, shape, strides, x, y, alpha, beta] : undefined;
    const out = tensor(kind, shape, strides, recipe);
    write({ code, shape, to: out.view, a: x, b: y, alpha, beta }, true);
    return out;
  }

  /** αx + β. */
  const affine = (what: string, value: Value, alpha: number, beta = 0): Value =>
    elementwise(what, AFFINE, [value], { alpha, beta });

  /** The same elements in a buffer of just their size, row by row unless `strides` say otherwise. */
  function arranged(value: Value, strides: readonly number[] = rowMajor(value.shape)): Stored {
    const { kind, shape, pending } = value;
    if (pending && !pending.view) pending.view = produced(kind, shape, pending, strides);
    const view = viewOf(value);
    if (isWhole(shape, view) && sameStrides(shape, view.strides, strides)) return { kind, shape, view };
    const recipe = isConstant(value) ? ['arranged', shape, strides, view] : undefined;
    const out = tensor(kind, shape, strides, recipe);
    write({ code: COPY, shape, to: out.view, a: view }, false);
    return out;
  }

  /** The same elements under other strides: what moves, repeats or leaves out. */
  function restride(
    value: Value,
    shape: readonly number[],
    change: (strides: readonly number[]) => { offset: number; strides: readonly number[] },
  ): Value {
    const { kind } = value;
    if (value.known && elementsOf(shape) <= MAX_KNOWN[kind]) {
      const { offset, strides } = change(rowMajor(value.shape));
      return known(kind, shape, pick(value.known, shape, strides, offset));
    }
    const view = viewOf(value);
    const { offset, strides } = change(view.strides);
    elementsOf(shape);
    return { kind, shape, view: { buffer: view.buffer, offset: view.offset + offset, strides } };
  }

  /** The same elements in the same order under another shape of as many. */
  function reshape(value: Value, shape: readonly number[]): Value {
    if (value.known) return known(value.kind, shape, value.known);
    const own = value.view && sameStrides(value.shape, value.view.strides, rowMajor(value.shape));
    const view = own ? value.view : arranged(value).view;
    return { kind: value.kind, shape, view: { ...view, strides: rowMajor(shape) } };
  }

  /** Writes code(from), broadcast, into `part`, a view of a tensor that is put together piece by piece. */
  function place(code: number, part: Stored, from: Value, alpha = 0): void {
    const { pending, shape } = from;
    if (code === COPY && pending && !pending.view && shape.join() === part.shape.join()) {
      pending.produce(part.view);
      pending.view = part.view;
      return;
    }
    const a = viewOf(from);
    const strides = broadcastStrides(shape, a.strides, part.shape);
    write({ code, shape: part.shape, to: part.view, a: { ...a, strides }, alpha }, false);
  }

  return {
    instructions,
    halves,
    emit,
    buffer,
    upload,
    table,
    viewOf,
    tensor,
    elementwise,
    affine,
    arranged,
    restride,
    reshape,
    place,
  };
}
