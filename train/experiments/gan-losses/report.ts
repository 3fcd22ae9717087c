// Fréchet distances of adversarial losses, beside what ships and real images.
import { formatCount } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { collapse } from '../../evaluate/fidelity/collapse.ts';
import { quantityOf, shareOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { verdictOf } from '../judge.ts';
import { listOf } from '../words.ts';

const isGame = ({ settings }: Cell): boolean => settings.method !== undefined;

/** What is wrong with a game, or nothing. */
function flawOf(cell: Cell): string | undefined {
  if (cell.settings.flaw !== undefined) return String(cell.settings.flaw);
  const recall = isGame(cell) ? shareOf(cell, 'recall') : undefined;
  return recall && collapse(recall.count / recall.of);
}

const distance = (cell: Cell) => quantityOf(cell, 'frechet');

/** What a step costs with a method, of sets whose games cost that. */
const costOf = (costs: Cell | undefined, { settings, data }: Cell) =>
  data.set === costs?.data.set ? quantityOf(costs, String(settings.method)) : undefined;

const columnsOf = (costs: Cell | undefined): Column<Cell>[] => [
  {
    name: 'images',
    kind: 'text',
    of: (cell) => `${cell.settings.method ?? cell.cell}${flawOf(cell) ? ', failed' : ''}`,
  },
  { name: 'of', kind: 'text', of: ({ data }) => data.set },
  { name: 'Fréchet distance', kind: 'number', decimals: 1, of: distance },
  {
    name: 'last weights',
    kind: 'number',
    decimals: 1,
    of: (cell) => quantityOf(cell, 'frechet of the last weights'),
  },
  {
    name: 'averaged weights',
    kind: 'number',
    decimals: 1,
    of: (cell) => quantityOf(cell, 'frechet of averaged weights'),
  },
  { name: 'precision', kind: 'share', of: (cell) => shareOf(cell, 'precision') },
  { name: 'recall', kind: 'share', of: (cell) => shareOf(cell, 'recall') },
  {
    name: 'rate',
    kind: 'number',
    decimals: 4,
    of: ({ settings }) => settings.learningRate as number | undefined,
  },
  { name: 'k', kind: 'number', of: ({ settings }) => settings.criticSteps as number | undefined },
  {
    name: 'steps of the generator',
    kind: 'number',
    of: ({ settings }) => settings.steps as number | undefined,
  },
  { name: 'a step', unit: 'ms', kind: 'number', decimals: 0, of: (cell) => costOf(costs, cell) },
];

/** By set, the nearest to real images first; games without any distance last. */
const ranked = (cells: readonly Cell[]): Cell[] =>
  cells.toSorted(
    (a, b) =>
      b.data.set.localeCompare(a.data.set, 'en') ||
      (distance(a)?.value ?? Number.POSITIVE_INFINITY) - (distance(b)?.value ?? Number.POSITIVE_INFINITY),
  );

/** Of the sets that have games: real images and what ships. */
function compared(games: readonly Cell[], fidelity: Cells): Cell[] {
  const sets = new Set(games.map(({ data }) => data.set));
  return [...fidelity.values()].filter(
    ({ cell, data, settings }) =>
      sets.has(data.set) && (settings.model !== undefined || /-(training|validation)-images$/.test(cell)),
  );
}

/** The gradient of log(1 − D(G(z))) vanishes while the critic is sure, which it is at first. */
export function saturationClaim(games: readonly Cell[]): Claim[] {
  const pairs = games
    .filter(({ settings }) => settings.method === 'minimax')
    .flatMap((minimax) => {
      const other = games.find(
        ({ data, settings }) => data.set === minimax.data.set && settings.method === 'non-saturating',
      );
      if (!other) return [];
      return Object.keys({ ...minimax.values, ...other.values })
        .filter((name) => name.startsWith('frechet on validation images'))
        .map((name) => [quantityOf(minimax, name)?.value, quantityOf(other, name)?.value] as const);
    });
  const worse = (a: number | undefined, b: number | undefined) =>
    b !== undefined && (a === undefined || b < a);
  const nearer = pairs.filter(([minimax, other]) => worse(minimax, other)).length;
  return pairs.length === 0
    ? []
    : [
        {
          claim:
            'To ascend log D(G(z)) brings the generator further early in learning than to descend log(1 − D(G(z))) (Section 3, where its gradients are stronger; Adam, as here, divides by their size)',
          verdict: verdictOf(nearer, pairs.length),
          found: `After the first round the non-saturating loss is nearer to the validation images in ${nearer} of ${pairs.length} pairs of the same set and rate, of one seed each.`,
        },
      ];
}

/** Rates that were chosen at the end of the candidates, so that the best may lie beyond. */
function edgeNote(games: readonly Cell[]): string[] {
  const at = (edge: 'least' | 'largest') =>
    games
      .filter(({ settings: { rates, learningRate } }) => {
        const all = rates as number[];
        return learningRate === (edge === 'least' ? Math.min(...all) : Math.max(...all));
      })
      .map(({ cell }) => cell);
  const words = (['least', 'largest'] as const).flatMap((edge) =>
    at(edge).length > 0 ? [`the ${edge} of them by ${listOf(at(edge))}`] : [],
  );
  return words.length > 0 ? [`Chosen was ${listOf(words)}: a better rate may lie beyond.`] : [];
}

/** What the order of steps costs at one loss, in times a step of either network in turn. */
function ordersNote(orders: Cell | undefined): string[] {
  const [together, turn, five] = [0, 1, 5].map((k) => quantityOf(orders, `k = ${k}`)?.value);
  if (!orders || together === undefined || turn === undefined || five === undefined) return [];
  const times = (value: number) => (value / turn).toFixed(2);
  return [
    `At one and the same loss, ${orders.settings.loss}, a step of both networks at once, at the same parameters and on the same generated images, costs ${times(together)} of one in turn with k = 1, and one with k = 5 ${times(five)} times as much, each of its critic’s steps on images of its own.`,
  ];
}

function notesOf(games: readonly Cell[], orders: Cell | undefined): string[] {
  if (games.length === 0) return [];
  const { rates, averageSteps } = games[0]!.settings;
  const flawed = games.filter(flawOf);
  const lengths = new Set(games.map(({ settings }) => settings.steps));
  return [
    'These are not Inception distances, and compare within a set alone: see the section on how near generated images come to real ones, whose classifiers, seed and number of images are the same. Real training images, and what ships, stand beside the games; what ships was trained longer, with larger networks.',
    `Each method chooses its learning rate on validation images among ${listOf(
      (rates as number[]).map(String),
      'and',
    )}, which play a round each; critic steps k, momentum and penalty are those of its paper, but that minimax and non-saturating have Adam, as most have since, for SGD with momentum. WGAN has Adam without momentum (β₂ 0.99) where its authors have RMSProp, and their clipping at 0.01. Images are drawn by statistics of batch normalisation that belong to the weights. The distance of a method is that of its last weights, with R1 of those averaged over ${averageSteps} steps; both are there for all.`,
    ...edgeNote(games),
    ...(games.some(({ data }) => data.set.includes('CIFAR-10'))
      ? []
      : [
          'Games of CIFAR-10, which the experiment has as well, were not played: the time of the processor core went to the two sets above.',
        ]),
    'A step is one of the generator with the k of the critic before it: milliseconds of a processor core on MNIST, whatever else the machine does.',
    ...ordersNote(orders),
    ...(lengths.size > 1
      ? ['Games here are not of one length: steps of the generator are in the table.']
      : []),
    ...(flawed.length > 0
      ? [`Failed: ${listOf(flawed.map((cell) => `${cell.cell} (${flawOf(cell)})`))}.`]
      : []),
  ];
}

export const ganLosses: Experiment = {
  id: 'gan-losses',
  title: 'Adversarial losses side by side',
  length(cells) {
    const games = [...cells.values()].filter(isGame);
    if (games.length === 0) return 'Papers train such games much longer; none is here yet.';
    const steps = games.map(({ settings }) => Number(settings.steps));
    const [least, most] = [Math.min(...steps), Math.max(...steps)];
    const own = least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
    return `The paper that compares most of these losses, Lucic et al. 2018, has 20 epochs of MNIST and Fashion-MNIST (${formatCount(15_625)} steps of 64 images), 100 settings of each; the games here have ${own} steps of the generator of ${games[0]!.settings.batchSize} images, three rates and one seed: the order of those that lie close is not decided.`;
  },
  report(cells, of) {
    const games = [...cells.values()].filter(isGame);
    return {
      claims: saturationClaim(games),
      table: tableOf(
        ranked([...games, ...compared(games, of('fidelity'))]),
        columnsOf(cells.get('step-costs')),
      ),
      notes: notesOf(games, cells.get('step-orders')),
    };
  },
  load: () => import('./gan-losses.ts'),
};
