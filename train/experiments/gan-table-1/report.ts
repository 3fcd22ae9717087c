// Table 1 of Goodfellow et al. 2014 beside what the paper has, and what the measure is worth.
import { formatCount, formatQuantity, type Quantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { difference, less, signOf, verdictOf, verdictOfSigns } from '../judge.ts';
import { listOf } from '../words.ts';

const TFD = 'Toronto Face Database';
/** As the paper prints it: mean and error, on MNIST and on faces. */
const PAPER: Record<string, Record<'mnist' | 'faces', [number, number]>> = {
  DBN: { mnist: [138, 2], faces: [1909, 66] },
  'stacked CAE': { mnist: [121, 1.6], faces: [2110, 50] },
  'deep GSN': { mnist: [214, 1.1], faces: [1890, 29] },
  'adversarial nets': { mnist: [225, 2], faces: [2057, 26] },
};

type Row = { images: string; set: string; parzen: Quantity; width?: number };

const rowOf = (cell: Cell): Row[] => {
  const parzen = quantityOf(cell, 'parzen');
  return parzen
    ? [{ images: cell.cell, set: cell.data.set, parzen, width: Number(cell.settings.width) }]
    : [];
};

/** By set, the highest first, rows of the paper among them. */
function rowsOf(cells: Cells): Row[] {
  const sets = new Map([...cells.values()].map((cell) => [cell.cell.split('-')[0], cell.data.set]));
  const printed = Object.entries(PAPER).flatMap(([name, { mnist, faces }]): Row[] =>
    (
      [
        [sets.get('mnist') ?? 'MNIST', mnist],
        [TFD, faces],
      ] as const
    ).map(([set, [value, standardError]]) => ({
      images: `${name}, paper`,
      set,
      parzen: { value, standardError },
    })),
  );
  return [...[...cells.values()].flatMap(rowOf), ...printed].sort(
    (a, b) => b.set.localeCompare(a.set, 'en') || b.parzen.value - a.parzen.value,
  );
}

const COLUMNS: Column<Row>[] = [
  { name: 'windows around', kind: 'text', of: ({ images }) => images },
  { name: 'of', kind: 'text', of: ({ set }) => set },
  { name: 'log density', unit: 'nats', kind: 'number', decimals: 1, of: ({ parzen }) => parzen },
  { name: 'width', kind: 'number', decimals: 3, of: ({ width }) => width },
];

const isModel = ({ settings }: Cell): boolean => settings.model !== undefined;
const parzenOf = (cell: Cell): Quantity => quantityOf(cell, 'parzen')!;

/** What runs after the first changed, as the field calls it. */
const CHANGED: Record<string, (value: string) => string> = {
  hidden: (value) => `hidden layers of ${value.replace(',', ' and ')}`,
  optimiser: (value) => (value === 'adam' ? 'Adam' : value),
  penalty: (value) => value.toUpperCase(),
  criticSteps: (value) => `k = ${value}`,
  dropout: (value) => (value === 'false' ? 'no dropout' : 'dropout'),
};

/** How networks that began as the paper's came to be what they are, from the commands that trained them. */
function trainingWords({ settings, samples, data }: Cell): string {
  const runs = String(settings.command)
    .split(' && ')
    .filter((command) => command.startsWith('npm run train '))
    .map(
      (command) => new Map([...command.matchAll(/--(\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!])),
    );
  const own = Number(runs[0]?.get('epochs'));
  if (runs.length < 2 || Number.isNaN(own)) return 'the paper’s networks';
  const changes = Object.entries(CHANGED).flatMap(([name, words]) => {
    const values = new Set(runs.slice(1).flatMap((run) => run.get(name) ?? []));
    return values.size > 0 ? [Array.from(values, words).join(', then ')] : [];
  });
  return `which began as the paper’s networks (${own} epochs) and went on for ${samples / data.train - own} epochs with ${listOf(changes)}`;
}

function reachesPaper(cells: Cells): Claim[] {
  const cell = cells.get('mnist-gan@1');
  if (!cell) return [];
  const [value] = PAPER['adversarial nets']!.mnist;
  const short = less(parzenOf(cell), { value });
  const sign = signOf({ ...short, standardError: parzenOf(cell).standardError! });
  return [
    {
      claim: `Adversarial networks have a log density of ${value} nats on MNIST`,
      // Networks that were changed, and trained shorter, say nothing of those that were not.
      verdict: sign < 0 ? 'not reached' : 'held',
      found: `${cell.cell}, ${trainingWords(cell)}, has ${formatQuantity(parzenOf(cell))}.`,
    },
  ];
}

/** Theis et al. 2016, Section 3.4. */
function centroidsClaim(cells: Cells): Claim[] {
  const pairs = ['mnist', 'fer'].flatMap((set) => {
    const [real, centroids] = [cells.get(`${set}-training-images`), cells.get(`${set}-centroids`)];
    const found = real && centroids && difference(centroids, real, 'parzen');
    return found ? [{ found, real, centroids }] : [];
  });
  if (pairs.length === 0) return [];
  const words = pairs.map(
    ({ found, real, centroids }) =>
      `by ${formatQuantity(found)} nats on ${real.data.set} (${formatQuantity(parzenOf(centroids))} against ${formatQuantity(parzenOf(real))})`,
  );
  return [
    {
      claim: 'Parzen windows put centroids of training images above training images (Theis et al. 2016)',
      verdict: verdictOfSigns(pairs.map(({ found }) => signOf(found))),
      found: `${listOf(words).replace(/^b/, 'B')}.`,
    },
  ];
}

/** What a measure of likeness ought to do. */
function realOnesClaim(cells: Cells): Claim[] {
  const compared = [...cells.values()].filter(isModel).flatMap((cell) => {
    const real = [...cells.values()].find(
      (one) => one.cell.endsWith('-training-images') && one.data.set === cell.data.set,
    );
    const found = real && difference(real, cell, 'parzen');
    return found ? [{ name: cell.cell, sign: signOf(found), parzen: parzenOf(cell) }] : [];
  });
  if (compared.length === 0) return [];
  const above = compared.filter(({ sign }) => sign < 0);
  const below = compared.filter(({ sign }) => sign > 0).length;
  const names = above.map(({ name, parzen }) => `${name} (${formatQuantity(parzen)})`);
  return [
    {
      claim: 'Real images are better centres of Parzen windows than images that a model draws',
      verdict: verdictOfSigns(compared.map(({ sign }) => sign)),
      found: `${below} of ${compared.length} models are below the real images of their set, ${above.length} above them${above.length > 0 ? `: ${listOf(names)}` : ''}.`,
    },
  ];
}

/** Whether the measure orders models as the Fréchet distance does, in pairs of one set. */
function orderClaim(cells: Cells, fidelity: Cells): Claim[] {
  const models = [...cells.values()].filter(isModel);
  const pairs = models.flatMap((a, i) =>
    models.slice(i + 1).flatMap((b) => {
      const found = a.data.set === b.data.set ? difference(a, b, 'parzen') : undefined;
      const [own, other] = [a, b].map(({ cell }) => quantityOf(fidelity.get(cell), 'frechet'));
      const sign = found ? signOf(found) : 0;
      return own && other && sign !== 0 ? [sign === Math.sign(other.value - own.value)] : [];
    }),
  );
  if (pairs.length === 0) return [];
  const alike = pairs.filter(Boolean).length;
  return [
    {
      claim: 'Parzen windows order models as the Fréchet distance between features does',
      verdict: verdictOf(alike, pairs.length),
      found: `They do in ${alike} of ${pairs.length} pairs of models of the same set that they tell apart at all; half of them would be chance.`,
    },
  ];
}

export function ganTable1Claims(cells: Cells, fidelity: Cells): Claim[] {
  return [
    ...reachesPaper(cells),
    ...centroidsClaim(cells),
    ...realOnesClaim(cells),
    ...orderClaim(cells, fidelity),
  ];
}

/** The images that choose the width of digits are of the last of these training images. */
const CHOSEN_AMONG = 10_000;

/** Which models learned from images that choose the width. */
function widthNote(cells: Cells): string[] {
  const digits = [...cells.values()].filter((cell) => isModel(cell) && cell.cell.startsWith('mnist-'));
  const apart = digits
    .filter(({ settings }) => Number(settings.heldOut) >= CHOSEN_AMONG)
    .map(({ cell }) => cell);
  if (digits.length === 0) return [];
  const who = apart.length === 0 ? 'All models of digits' : `All models of digits but ${listOf(apart)}`;
  return [
    `${apart.length === digits.length ? 'No model of digits' : who} learned from the images that choose the width, the first of the last ${formatCount(CHOSEN_AMONG)} training images. The widths are ten, and the test images are new to all of them.`,
  ];
}

export const ganTable1: Experiment = {
  id: 'gan-table-1',
  title: 'Table 1 of the paper of adversarial networks: Parzen windows',
  length: () =>
    'The paper does not say how long it trained; how long the models here were trained is on their cards, and this table trains none.',
  report: (cells, of) => ({
    claims: ganTable1Claims(cells, of('fidelity')),
    table: tableOf(rowsOf(cells), COLUMNS),
    notes: [
      `The ${TFD} of the paper is not to be had; FER2013, of the same size and pixels, stands in for it, and its figures cannot be compared with the paper’s. The paper’s errors on faces are over folds.`,
      ...widthNote(cells),
      'A higher figure does not say better samples: how far the measure can be trusted is what the verdicts are of. It is here because the paper has it.',
    ],
  }),
  load: () => import('./gan-table-1.ts'),
};
