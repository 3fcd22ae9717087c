// Operators that see the same elements under another shape or in another order, mostly without moving them.
import { attribute, int, string } from '../attributes.ts';
import { axesOf, axisOf, broadcastShape, broadcastStrides, elementsOf, numbersOf } from '../value.ts';
import { type Operator, required } from './operator.ts';
import { given } from './slicing.ts';

export const identity: Operator = (_, node, inputs) => [required(node, inputs, 0)];

/** One entry of the shape may be -1 (whatever remains); 0 copies the size, unless `allowzero`. */
export const reshape: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const zero = int(node, 'allowzero', 0) !== 0;
  const wanted = numbersOf(inputs[1], 'Reshape', 'shape');
  const shape = wanted.map((size, axis) => (size === 0 && !zero ? (x.shape[axis] ?? Number.NaN) : size));
  const elements = elementsOf(x.shape);
  const others = shape.reduce((n, size) => (size === -1 ? n : n * size), 1);
  const full = shape.map((size) => (size === -1 ? elements / others : size));
  if (
    shape.filter((size) => size === -1).length > 1 ||
    !full.every(Number.isInteger) ||
    elementsOf(full) !== elements
  )
    throw new Error(
      `simd: Reshape: [${x.shape}] has ${elements} elements, the shape [${wanted}] another number`,
    );
  return [builder.reshape(x, full)];
};

export const flatten: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const { length: rank } = x.shape;
  const asked = int(node, 'axis', 1);
  const axis = asked === rank ? asked : axisOf(asked, rank, 'Flatten');
  return [builder.reshape(x, [elementsOf(x.shape.slice(0, axis)), elementsOf(x.shape.slice(axis))])];
};

export const transpose: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const axes = attribute(node, 'perm', 'ints') ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  if (axes.toSorted((a, b) => a - b).join() !== x.shape.map((_, i) => i).join())
    throw new Error(`simd: Transpose: 'perm' [${axes}] must name every axis of [${x.shape}] once`);
  const shape = axes.map((axis) => x.shape[axis]!);
  return [
    builder.restride(x, shape, (strides) => ({ offset: 0, strides: axes.map((axis) => strides[axis]!) })),
  ];
};

export const squeeze: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const asked = given(node, inputs, 1, 'axes');
  const axes = asked
    ? axesOf(asked, x.shape.length, 'Squeeze')
    : x.shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  const wrong = axes.find((axis) => x.shape[axis] !== 1);
  if (wrong !== undefined) throw new Error(`simd: Squeeze: axis ${wrong} of [${x.shape}] must have size 1`);
  const keeps = <T>(list: readonly T[]) => list.filter((_, axis) => !axes.includes(axis));
  return [builder.restride(x, keeps(x.shape), (strides) => ({ offset: 0, strides: keeps(strides) }))];
};

export const unsqueeze: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const asked = given(node, inputs, 1, 'axes');
  if (!asked) throw new Error("simd: Unsqueeze: 'axes' must be given");
  const rank = x.shape.length + asked.length;
  const axes = new Set(axesOf(asked, rank, 'Unsqueeze'));
  const insert = (list: readonly number[], value: number) => {
    const rest = [...list];
    return Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? value : rest.shift()!));
  };
  return [builder.restride(x, insert(x.shape, 1), (strides) => ({ offset: 0, strides: insert(strides, 0) }))];
};

export const expand: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const shape = broadcastShape('Expand', x.shape, numbersOf(inputs[1], 'Expand', 'shape'));
  return [
    builder.restride(x, shape, (strides) => ({
      offset: 0,
      strides: broadcastStrides(x.shape, strides, shape),
    })),
  ];
};

/** Blocks of channels become blocks of pixels: [N, C, H, W] → [N, C / b², H b, W b]. */
export const depthToSpace: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const block = int(node, 'blocksize', 0);
  const mode = string(node, 'mode', 'DCR');
  const [n, c, h, w] = x.shape;
  if (x.shape.length !== 4 || block < 1 || c! % block ** 2 !== 0)
    throw new Error(`simd: DepthToSpace: [${x.shape}] must be 4-D with channels divisible by ${block}²`);
  if (mode !== 'DCR' && mode !== 'CRD')
    throw new Error(`simd: DepthToSpace: mode must be DCR or CRD, is '${mode}'`);
  const depth = c! / block ** 2;
  const [blocks, order] =
    mode === 'CRD'
      ? [
          [n!, depth, block, block, h!, w!],
          [0, 1, 4, 2, 5, 3],
        ]
      : [
          [n!, block, block, depth, h!, w!],
          [0, 3, 4, 1, 5, 2],
        ];
  const apart = builder.reshape(x, blocks);
  const moved = builder.restride(
    apart,
    order.map((axis) => blocks[axis]!),
    (strides) => ({ offset: 0, strides: order.map((axis) => strides[axis]!) }),
  );
  return [builder.reshape(moved, [n!, depth, h! * block, w! * block])];
};

/** Blocks of pixels become blocks of channels: [N, C, H b, W b] → [N, b² C, H, W]. */
export const spaceToDepth: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const block = int(node, 'blocksize', 0);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  if (x.shape.length !== 4 || block < 1 || h % block !== 0 || w % block !== 0)
    throw new Error(`simd: SpaceToDepth: [${x.shape}] must be 4-D with sides divisible by ${block}`);
  const apart = builder.reshape(x, [n, c, h / block, block, w / block, block]);
  const order = [0, 3, 5, 1, 2, 4];
  const moved = builder.restride(
    apart,
    order.map((axis) => apart.shape[axis]!),
    (strides) => ({ offset: 0, strides: order.map((axis) => strides[axis]!) }),
  );
  return [builder.reshape(moved, [n, c * block ** 2, h / block, w / block])];
};
