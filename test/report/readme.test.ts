// README's figures come from the cards and from results/, never from a keyboard.
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCards } from '../../export/publish.ts';
import { formatShare } from '../../figures/numbers.ts';
import { headlines, renderMeasurements } from '../../report/measurements.ts';
import { renderOwners } from '../../report/owners.ts';
import { renderReadme } from '../../report/readme.ts';
import { drawPictures, PICTURES } from '../../scripts/pictures.ts';
import { readCells } from '../../train/experiments/cells.ts';
import { compressionRows } from '../../train/experiments/compression/report.ts';
import { editsOf } from '../../train/experiments/faces/report.ts';
import { EXPERIMENTS } from '../../train/experiments/registry.ts';
import { OPSETS } from '../../worker/engine/simd/check.ts';
import { OPERATORS } from '../../worker/engine/simd/operators/table.ts';

const cards = await readCards('models');
const readme = readFileSync('README.md', 'utf8');
/** What is written by hand, on one line: without code, addresses and the blocks that `npm run report` writes. */
const prose = readme
  .replace(/<!-- (\w+):begin -->.*?<!-- \1:end -->/gs, '')
  .replace(/```.*?```/gs, '')
  .replace(/`[^`]*`/g, '')
  .replace(/\]\([^)]*\)/g, ']')
  .replace(/\s+/g, ' ');

test('README, docs/owners.md and docs/measurements.md are what `npm run report` makes of cards and results', () => {
  expect(renderReadme(readme, cards, 'results')).toBe(readme);
  expect(readFileSync('docs/measurements.md', 'utf8')).toBe(renderMeasurements('results'));
  const owners = readFileSync('docs/owners.md', 'utf8');
  expect(renderOwners(owners, 'results')).toBe(owners);
  expect(owners).toMatch(/the reference worker, compressed \| \*\*3 MB: no room\*\* \| 10 MB/);
  expect(headlines('results')).toHaveLength(3);
  expect(headlines('nowhere')).toEqual([]);
});

test('a README without the marks is refused, and the missing one is named', () => {
  expect(() => renderReadme('# dreamlet', cards, 'results')).toThrow(
    'README.md must hold <!-- models:begin --> and then <!-- models:end -->',
  );
});

/** What README says in words of its own, as cards and cells have it. */
function figuresByHand(): string[] {
  const { value, interval } = cards
    .find(({ id, version }) => `${id}@${version}` === 'mnist-cvae@1')!
    .metrics.find(({ name }) => name === 'label-accuracy')!;
  const accuracy = `${value.toFixed(1)} % (${interval!.map((end) => end.toFixed(1)).join('–')})`;
  const codes = compressionRows(readCells('results', 'compression'));
  const { bytes, pca, png, pngData } = codes.find(
    ({ model, quality }) => model === 'mnist-vae@1' && quality === 5,
  )!;
  const edits = editsOf(readCells('results', 'face-edits'));
  const [smile, sad] = ['neutral to happiness', 'happiness to sadness'].map((name) => {
    const { known, rate } = edits.find(({ edit }) => edit === name)!;
    return { ...known, share: formatShare(rate!).replace(/\s+/g, ' ') };
  });
  const alarms = cards.flatMap(({ anomaly }) =>
    (anomaly?.falseAlarms.reached ?? []).filter(({ rate }) => rate === 0.01).map(({ share }) => 100 * share),
  );
  const costs: { rows: { what: string; 'CPU ms'?: number }[] } = JSON.parse(
    readFileSync('results/bench-costs.json', 'utf8'),
  );
  const costOf = (wanted: string) => costs.rows.find(({ what }) => what === wanted)!['CPU ms']!.toFixed(0);
  const dearest = Math.max(...costs.rows.map((row) => row['CPU ms'] ?? 0)).toFixed(0);
  return [
    `takes ${dearest} ms of processor time, a sheet of 64 digits ${costOf('64 digits')}, a digit ${costOf('a digit')}: of these the digit fits into the free plan's 10.`,
    `the right one of ${accuracy} of the test images`,
    `it knows ${smile!.count} of ${smile!.of} neutral test faces`,
    `calls ${smile!.share} of these happy`,
    `of ${sad!.of} happy ones it knows ${sad!.count}, and calls ${sad!.share} of these sad`,
    `about ${bytes.toFixed(0)} bytes for a digit of MNIST`,
    `principal components take ${pca!.toFixed(0)} and PNG ${png.toFixed(0)} at the same error`,
    `${(png - pngData).toFixed(0)} of them the file around the pixels`,
    `${(statSync('worker/engine/simd/kernels.wasm').size / 1000).toFixed(0)} kB of SIMD WebAssembly`,
    `networks of ${Object.keys(OPERATORS).length} operators, opset ${OPSETS.oldest} to ${OPSETS.newest}`,
    `${Math.min(...alarms).toFixed(1)} to ${Math.max(...alarms).toFixed(1)} % of test images unusual where 1 % was asked for`,
  ];
}

/** Numbers that no measurement can change. */
const NAMES =
  /Node 20\.19|RFC 9457|Welling 2013|et al\. 20\d\d|CIFAR-10|(?:Figure|Table) \d|SHA-256|in 0…1|2-D|30 handwritten|20 articles|FER2013|float32|R2|1e-4|95 % intervals/g;

test('every figure that README has in its own words is that of a card or a cell', () => {
  let rest = prose;
  for (const words of figuresByHand()) {
    expect(prose).toContain(words);
    rest = rest.replace(words, '');
  }
  expect(rest.replace(NAMES, '').match(/.{0,40}\d.{0,20}/g) ?? []).toEqual([]);
});

test('it names every experiment', () => {
  expect(EXPERIMENTS.map(({ id }) => id).filter((id) => !readme.includes(`\`${id}\``))).toEqual([]);
});

test('its pictures are the answers to the requests beside them, byte for byte', async () => {
  const drawn = await drawPictures('models');
  for (const [file, { method, path }] of Object.entries(PICTURES)) {
    expect(readme).toContain(`](docs/${file})`);
    expect(readme).toContain(`\`${method === 'GET' ? '' : `${method} `}${path}\``);
    expect(Buffer.compare(readFileSync(`docs/${file}`), drawn[file]!)).toBe(0);
  }
});
