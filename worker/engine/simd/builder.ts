// Turns operators into instructions for the kernels. The operators' files call these few methods; what depends on the
// model alone is computed once, and what only moves elements is a view until a kernel needs them.
import type { TensorProto } from '../../../onnx/model.ts';
import { elementwiseCost } from './costs.ts';
import { type ElementType, isInteger, maxKnown, toInt32 } from './element-type.ts';
import { folding, needsKnown } from './folding.ts';
import type { Instruction } from './instruction.ts';
import { AFFINE, COPY } from './kernels/opcodes.ts';
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
  known,
  type Pending,
  pick,
  rowMajor,
  type Stored,
  sameStrides,
  type Value,
  type View,
  wrap,
} from './value.ts';

/** A recipe's name. JSON would take −0 for 0 and the infinities for one another. */
const nameOf = (recipe: readonly unknown[]): string =>
  JSON.stringify(recipe, (_, value) =>
    typeof value === 'number' && (Object.is(value, -0) || !Number.isFinite(value))
      ? `#${Object.is(value, -0) ? '-0' : value}`
      : value,
  );

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

/** A short name for a recipe, or for a tensor of the file, the same in every plan of a model. */
export type Intern = (recipe: string | TensorProto) => string;

export function createIntern(): Intern {
  const names = new Map<string | TensorProto, string>();
  return (recipe) => {
    const name = names.get(recipe) ?? `${names.size}`;
    names.set(recipe, name);
    return name;
  };
}

export function createBuilder(intern: Intern) {
  const instructions: Instruction[] = [];
  /** Buffers that are float16 numbers of the file made wide, and those numbers. */
  const halves = new Map<Buffer, Buffer>();
  const constants = new Map<string, Buffer>();
  /** Where lists of known numbers lie in memory, once they are needed there. */
  const uploaded = {
    floats: new Map<readonly number[], Buffer>(),
    integers: new Map<readonly number[], Buffer>(),
  };

  const emit = (instruction: Instruction): void => {
    instructions.push(instruction);
  };

  /** `recipe`: all that the contents follow from, where that is nothing that is fed. The same recipe is the same buffer. */
  function buffer(elements: number, recipe?: readonly unknown[]): Buffer {
    if (!recipe) return { elements };
    const constant = intern(nameOf(recipe));
    const made = constants.get(constant) ?? { elements, constant };
    constants.set(constant, made);
    return made;
  }

  /** A constant that `write` puts into the memory, from `file` where it says so. */
  function upload(
    recipe: readonly unknown[],
    elements: number,
    write: (kernels: Kernels, address: number) => void,
    file?: TensorProto,
  ): Buffer {
    const known = constants.size;
    const made = buffer(elements, recipe);
    if (constants.size > known)
      emit({
        reads: [],
        writes: [made],
        ...(file ? { file } : {}),
        nanoseconds: 2 * elements,
        bind: (kernels, at) => () => write(kernels, at(made)),
      });
    return made;
  }

  /** `length` integers for a kernel to read; they are made where no plan before has made those of that name. */
  const table = (name: string, length: number, numbers: () => ArrayLike<number>): Buffer =>
    upload(['table', name], length, (kernels, address) => kernels.integers.set(numbers(), address / 4));

  /** The value's elements in memory. */
  function viewOf({ type, shape, known: numbers, pending, view }: Value): View {
    if (view) return view;
    if (pending) {
      pending.view ??= produced(type, shape, pending, pending.strides);
      return pending.view;
    }
    const whole = isInteger(type);
    const before = uploaded[whole ? 'integers' : 'floats'];
    let made = before.get(numbers!);
    if (!made) {
      const words = whole ? toInt32(numbers!) : numbers!;
      made = upload(['numbers', whole, numbers], numbers!.length, (kernels, address) =>
        kernels[whole ? 'integers' : 'floats'].set(words, address / 4),
      );
      before.set(numbers!, made);
    }
    return { buffer: made, offset: 0, strides: rowMajor(shape) };
  }

  /** A tensor of `shape` in a buffer of its own. */
  const tensor = (
    type: ElementType,
    shape: readonly number[],
    strides?: readonly number[],
    recipe?: readonly unknown[],
  ): Stored => wrap(type, shape, buffer(elementsOf(shape), recipe), strides);

  function produced(
    type: ElementType,
    shape: readonly number[],
    pending: Pending,
    strides: readonly number[],
  ): View {
    const { view } = tensor(type, shape, strides);
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
    const steps = collapse(
      along(shape),
      [to, a, b].map(({ strides }) => along(strides)),
    );
    const layout = shapeTable(steps);
    const contiguous = steps.strides.every((list, i) => list.at(-1)! === 1 || (i > 0 && list.at(-1)! === 0));
    const fits = (view: View) => isWhole(shape, view) && sameStrides(shape, view.strides, to.strides);
    const inPlace = [a, b].find(({ buffer: one }) =>
      [a, b].every((other) => other.buffer !== one || fits(other)),
    );
    emit({
      reads: [a.buffer, b.buffer],
      writes: [to.buffer],
      inPlace: fresh ? inPlace?.buffer : undefined,
      nanoseconds: elementwiseCost(code, elements, steps.sizes.at(-1)!, contiguous),
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

  /** `fold` of numbers that are known, element by element, with broadcasting; undefined where some are not. */
  function folded(
    what: string,
    type: ElementType,
    inputs: readonly Value[],
    fold: (operands: readonly number[]) => number,
  ): Value | undefined {
    if (!inputs.every((value) => value.known)) return undefined;
    const shape = broadcastShape(what, ...inputs.map((value) => value.shape));
    if (elementsOf(shape) > maxKnown(type)) return undefined;
    const operands = inputs.map((value) =>
      pick(value.known!, shape, broadcastStrides(value.shape, rowMajor(value.shape), shape), 0),
    );
    const numbers = operands[0]!.map((_, i) => fold(operands.map((list) => list[i]!)));
    return known(type, shape, numbers);
  }

  /** `code` of one or two inputs, with broadcasting; `type` is the result's. @throws Error naming `what`. */
  function elementwise(
    what: string,
    code: number,
    inputs: readonly [Value] | readonly [Value, Value],
    {
      alpha = 0,
      beta = 0,
      type = inputs[0].type,
    }: { alpha?: number; beta?: number; type?: ElementType } = {},
  ): Value {
    const [a, b = a] = inputs;
    const shape = broadcastShape(what, a.shape, b.shape);
    const operands = inputs[0].type;
    const fold = folding(what, code, operands, type);
    const done = fold && folded(what, type, [a, b], ([x, y]) => fold(x!, y!, alpha, beta));
    if (done) return done;
    if (isInteger(operands) && needsKnown(code))
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
    const out = tensor(type, shape, strides, recipe);
    write({ code, shape, to: out.view, a: x, b: y, alpha, beta }, true);
    return out;
  }

  /** αx + β. */
  const affine = (what: string, value: Value, alpha: number, beta = 0): Value =>
    elementwise(what, AFFINE, [value], { alpha, beta });

  /** The same elements in a buffer of just their size, row by row unless `strides` say otherwise. */
  function arranged(value: Value, strides: readonly number[] = rowMajor(value.shape)): Stored {
    const { type, shape, pending } = value;
    if (pending && !pending.view) pending.view = produced(type, shape, pending, strides);
    const view = viewOf(value);
    if (isWhole(shape, view) && sameStrides(shape, view.strides, strides)) return { type, shape, view };
    const recipe = isConstant(value) ? ['arranged', shape, strides, view] : undefined;
    const out = tensor(type, shape, strides, recipe);
    write({ code: COPY, shape, to: out.view, a: view }, false);
    return out;
  }

  /** The same elements under other strides: what moves, repeats or leaves out. */
  function restride(
    value: Value,
    shape: readonly number[],
    change: (strides: readonly number[]) => { offset: number; strides: readonly number[] },
  ): Value {
    const { type } = value;
    if (value.known && elementsOf(shape) <= maxKnown(type)) {
      const { offset, strides } = change(rowMajor(value.shape));
      return known(type, shape, pick(value.known, shape, strides, offset));
    }
    const view = viewOf(value);
    const { offset, strides } = change(view.strides);
    elementsOf(shape);
    return { type, shape, view: { buffer: view.buffer, offset: view.offset + offset, strides } };
  }

  /** The same elements in the same order under another shape of as many. */
  function reshape(value: Value, shape: readonly number[]): Value {
    if (value.known) return known(value.type, shape, value.known);
    const own = value.view && sameStrides(value.shape, value.view.strides, rowMajor(value.shape));
    const view = own ? value.view : arranged(value).view;
    return { type: value.type, shape, view: { ...view, strides: rowMajor(shape) } };
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
    /** A name for a tensor of the file, which stands for its contents in recipes. */
    identify: (tensor: TensorProto): string => intern(tensor),
    halves,
    emit,
    buffer,
    upload,
    table,
    viewOf,
    tensor,
    elementwise,
    folded,
    affine,
    arranged,
    restride,
    reshape,
    place,
  };
}
