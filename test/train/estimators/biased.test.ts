// The biased estimators against the expectation that their definitions give, summed over values and over a grid of noise.
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import '../../../onnx/trace/trace.ts';
import { DISCRETE_ESTIMATORS } from '../../../train/estimators/discrete/table.ts';
import { distance, estimate, schedule, spread } from './estimates.ts';
import { type Toy, toyParams } from './toy.ts';

const { temperature: tau, slope: steep } = schedule;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

type Name = 'gumbel-softmax' | 'st-gumbel-softmax' | 'gumbel-rao' | Hard;
type Hard = 'straight-through' | 'slope-annealed' | 'darn' | 'reinmax' | 'gapped';

/** The first gradients are `expected` within their errors, which are small beside it. */
async function expectMean(toy: Toy, name: Name, expected: readonly number[]) {
  const found = (await estimate(toy, DISCRETE_ESTIMATORS[name], {}, 12)).slice(0, expected.length);
  expect(distance(found, expected), `${name}: ${found.map(({ mean }) => mean)} for ${expected}`).toBeLessThan(
    4.5,
  );
  expect(spread(found), name).toBeLessThan(0.02 * Math.hypot(...expected));
}

/** A value of one variable that comes with probability `weight`, and what stands for its derivative in the logit. */
type Node = { weight: number; value: number; slope: number };

const hardSlopes: Record<Hard, (z: number, a: number) => number> = {
  'straight-through': (_, a) => sigmoid(a) * sigmoid(-a),
  'slope-annealed': (_, a) => steep * sigmoid(steep * a) * sigmoid(-steep * a),
  darn: (z, a) => (z - 0.5) * (z - sigmoid(a)),
  reinmax(z, a) {
    const middle = (sigmoid(a / tau) + z) / 2;
    return 2 * middle * (1 - middle) - 0.5 * sigmoid(a) * sigmoid(-a);
  },
  gapped(z, a) {
    const y = sigmoid((z === 1 ? Math.max(a, 1) : Math.min(a, -1)) / tau);
    return (y * (1 - y)) / tau;
  },
};

/** Midpoints of the noise on either side of where the value changes. */
const POINTS = 200;
function bits(name: Name, a: number): Node[] {
  const masses = [sigmoid(-a), sigmoid(a)];
  return masses.flatMap((mass, z) => {
    if (name in hardSlopes) return { weight: mass, value: z, slope: hardSlopes[name as Hard](z, a) };
    return Array.from({ length: POINTS }, (_, i) => {
      const u = (z === 0 ? 0 : masses[0]!) + (mass * (i + 0.5)) / POINTS;
      const y = sigmoid((a + Math.log(u / (1 - u))) / tau);
      const value = name === 'gumbel-softmax' ? y : z;
      return { weight: mass / POINTS, value, slope: (y * (1 - y)) / tau };
    });
  });
}

const slopeOfKl = (a: number) => a * sigmoid(a) * sigmoid(-a);

const NAMES = [
  'gumbel-softmax',
  'st-gumbel-softmax',
  'gumbel-rao',
  'straight-through',
  'slope-annealed',
  'darn',
  'reinmax',
  'gapped',
] as const satisfies readonly Name[];

test.each(NAMES)('%s through two layers of a bit has the bias that theory gives', async (name) => {
  const bit = { kind: 'bernoulli', variables: 1 } as const;
  const toy: Toy = { layers: [bit, bit], shape: 'curved' };
  const params = toyParams(toy);
  const at = (key: string) => params[key]!.data[0]!;
  const [a, b, w] = [at('logits-0'), at('logits-1'), at('kernel-1')];
  const out = [...params.out!.data];
  const expected = { 'logits-0': 0, 'logits-1': 0, 'kernel-1': 0, out: [0, 0] };
  for (const first of bits(name, a)) {
    const logit = b + w * first.value;
    const second = bits(name, logit);
    // Backwards: the cost in the second value, that in its logit, that in the first value, that in its logit.
    const ofLogit =
      slopeOfKl(logit) +
      sum(
        second.map(
          ({ weight, value, slope }) =>
            weight * slope * sum(out.map((o) => 1.2 * o * Math.exp(1.2 * o * value))),
        ),
      );
    expected['logits-1'] += first.weight * ofLogit;
    expected['kernel-1'] += first.weight * ofLogit * first.value;
    expected['logits-0'] += first.weight * (ofLogit * w * first.slope + slopeOfKl(a));
    for (const [i, o] of out.entries())
      expected.out[i]! +=
        first.weight *
        sum(second.map(({ weight, value }) => weight * 1.2 * value * Math.exp(1.2 * o * value)));
  }
  await expectMean(
    toy,
    name,
    Object.keys(params).flatMap((key) => expected[key as keyof typeof expected]),
  );
});

const softmax = (x: readonly number[]): number[] => {
  const most = Math.max(...x);
  const weights = x.map((one) => Math.exp(one - most));
  return weights.map((one) => one / sum(weights));
};
/** ∂softmax_i / ∂x_j at the probabilities p. */
const jacobian = (p: readonly number[]): number[][] =>
  p.map((own, i) => p.map((other, j) => own * (Number(i === j) - other)));
const scaled = (rows: number[][], by: number) => rows.map((row) => row.map((x) => x * by));

const hardJacobians: Record<Hard, (z: readonly number[], a: readonly number[]) => number[][]> = {
  'straight-through': (_, a) => jacobian(softmax(a)),
  'slope-annealed': (_, a) => scaled(jacobian(softmax(a.map((x) => steep * x))), steep),
  darn: (z, a) => z.map((one) => softmax(a).map((p, j) => (one - 1 / a.length) * (z[j]! - p))),
  reinmax(z, a) {
    const middle = softmax(a.map((x) => x / tau)).map((p, i) => (p + z[i]!) / 2);
    const euler = jacobian(softmax(a));
    return jacobian(middle).map((row, i) => row.map((x, j) => 2 * x - 0.5 * euler[i]![j]!));
  },
  gapped(z, a) {
    const most = Math.max(...a);
    const moved = a.map((x, i) => (z[i] === 1 ? most : Math.min(x, most - 1)));
    return scaled(jacobian(softmax(moved.map((x) => x / tau))), 1 / tau);
  },
};

/** Half the width of the grid, and its step; ties lie on edges and on the diagonal, whose cells are halved. */
const [REACH, STEP] = [15, 0.1];

/** E[value-slopes(value) · ∂value / ∂logits] of one variable of three classes. */
function categoricalMean(name: Name, a: readonly number[], slopes: (y: readonly number[]) => number[]) {
  const total = [0, 0, 0];
  const addNode = (weight: number, value: readonly number[], rows: number[][]) => {
    const f = slopes(value);
    for (const i of f.keys()) for (const j of total.keys()) total[j]! += weight * f[i]! * rows[i]![j]!;
  };
  const oneHot = (c: number) => a.map((_, i) => Number(i === c));
  if (name in hardJacobians) {
    for (const [c, mass] of softmax(a).entries())
      addNode(mass, oneHot(c), hardJacobians[name as Hard](oneHot(c), a));
    return total;
  }
  // Perturbed logits matter by their differences d from the last one, whose density is
  // 2 r_1 r_2 r_3 / (r_1 + r_2 + r_3)³, r_i = exp(a_i − d_i) (Jang et al. 2017, Appendix B, before the squashing).
  const count = Math.round(REACH / STEP);
  for (let i = -count; i < count; i++)
    for (let j = -count; j < count; j++) {
      const d = [(i + 0.5) * STEP, (j + 0.5) * STEP, 0];
      const r = a.map((x, c) => Math.exp(x - d[c]!));
      const weight = (STEP ** 2 * 2 * r[0]! * r[1]! * r[2]!) / sum(r) ** 3;
      const y = softmax(d.map((x) => x / tau));
      const rows = scaled(jacobian(y), 1 / tau);
      if (name === 'gumbel-softmax') addNode(weight, y, rows);
      else {
        const most = Math.max(...d);
        const first = d.flatMap((x, c) => (x === most ? c : []));
        for (const c of first) addNode(weight / first.length, oneHot(c), rows);
      }
    }
  return total;
}

test.each(NAMES)('%s of a variable of three classes has the bias that theory gives', async (name) => {
  const toy: Toy = { layers: [{ kind: 'categorical', variables: 1, classes: 3 }], shape: 'curved' };
  const params = toyParams(toy);
  const a = [...params['logits-0']!.data];
  const out = [...params.out!.data];
  const rowsOfOut = [0, 1, 2].map((i) => [out[2 * i]!, out[2 * i + 1]!]);
  const slopes = (y: readonly number[]) => {
    const x = [0, 1].map((o) => sum(rowsOfOut.map((row, i) => row[o]! * y[i]!)));
    return rowsOfOut.map((row) => sum(row.map((w, o) => 1.2 * w * Math.exp(1.2 * x[o]!))));
  };
  const p = softmax(a);
  // The divergence from the uniform prior is Σ p log p + log 3.
  const entropy = sum(p.map((one) => one * Math.log(one)));
  const kl = p.map((one) => one * (Math.log(one) - entropy));
  await expectMean(
    toy,
    name,
    categoricalMean(name, a, slopes).map((one, i) => one + kl[i]!),
  );
});
