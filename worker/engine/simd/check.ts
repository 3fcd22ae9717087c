// What is asked of a file before anything of it is planned: names that are made once, before they are used, and
// operators that this engine runs.
import type { Model } from '../../../onnx/model.ts';
import { elementType } from './element-type.ts';
import { requireSchema } from './operators/schema.ts';
import { Unsupported } from './unsupported.ts';

export const OPSETS = { oldest: 7, newest: 27 };

/** @throws Error for a name that is made twice, or used where nothing before it makes it. */
function requireOrder({ graph }: Model): void {
  const made = new Set<string>();
  const make = (name: string, what: string): void => {
    if (made.has(name)) throw new Error(`simd: graph: '${name}' must be made once, is made again by ${what}`);
    made.add(name);
  };
  for (const { name } of graph.initialisers) make(name, 'an initialiser');
  const stored = new Set(made);
  const inputs = new Set<string>();
  for (const { name } of graph.inputs) {
    if (inputs.has(name)) throw new Error(`simd: graph: there must be one input '${name}', there are two`);
    inputs.add(name);
    if (!stored.has(name)) make(name, 'an input');
  }
  for (const { op, inputs: used, outputs } of graph.nodes) {
    const missing = used.find((name) => name !== '' && !made.has(name));
    if (missing !== undefined) throw new Error(`simd: ${op}: nothing before it makes its input '${missing}'`);
    for (const name of outputs) if (name !== '') make(name, op);
  }
  const open = graph.outputs.find(({ name }) => !made.has(name));
  if (open) throw new Error(`simd: graph: nothing makes its output '${open.name}'`);
}

/**
 * @throws Unsupported naming the first operator, attribute, opset or input that this engine does not run, so that
 * another may; Error where none could.
 */
export function requireSupported(model: Model): void {
  const { opset, graph } = model;
  if (opset < OPSETS.oldest || opset > OPSETS.newest) throw new Unsupported('model', `opset ${opset}`);
  requireOrder(model);
  for (const node of graph.nodes) requireSchema(node, opset);
  const stored = new Set(graph.initialisers.map(({ name }) => name));
  for (const { name, type, unranked } of graph.inputs) {
    if (stored.has(name)) continue;
    elementType(type, `input '${name}'`);
    if (unranked) throw new Unsupported(`input '${name}'`, 'an open number of axes');
  }
}
