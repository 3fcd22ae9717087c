// `npm run report`: writes the tables of README.md, and results/README.md with its pictures, anew, from the model
// cards and from results/ alone.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { readCards } from '../export/publish.ts';
import { markdownTable, type Row } from '../figures/table.ts';
import { classesOf, type ModelCard } from '../models/card.ts';
import { latentSize } from '../models/latent.ts';
import { drawChart } from './chart.ts';
import { renderResults } from './markdown.ts';
import { readSections } from './sections.ts';

function modelRow(card: ModelCard): Row {
  const name = `${card.id}@${card.version}`;
  const figure = (wanted: string, sign: 1 | -1) => {
    const metric = card.metrics.find((m) => m.name === wanted);
    if (metric === undefined) return '–';
    const error = metric.standardError === undefined ? '' : ` ± ${metric.standardError.toFixed(2)}`;
    return `${(sign * metric.value).toFixed(2)}${error}`;
  };
  const nll = card.metrics.find((m) => m.name === 'nll');
  const kilobytes = card.files.filter((f) => f.name.endsWith('.onnx')).map((f) => Math.round(f.bytes / 1000));
  return {
    model: `[\`${name}\`](models/${name}/model.json)`,
    // Given its label an image is a few nats more likely.
    data: `${card.dataset.title}, ${card.dataset.variant}${classesOf(card) ? ', given the label' : ''}`,
    latents: card.latent ? `${latentSize(card.latent)}` : '–',
    'NLL ≤': figure('nll', 1),
    '−ELBO': figure('elbo', -1),
    'measured on':
      nll === undefined ? '–' : `${nll.split}, ${/with (\d+) /.exec(nll.protocol)?.[1]} samples each`,
    'decoder, encoder': kilobytes.map((kb) => `${kb} kB`).join(', '),
  };
}

type Bench = {
  title: string;
  protocol: string;
  date: string;
  machine: { processor: string; cores: number; node: string };
  rows: Row[];
};

function benchSection(file: string): string {
  const { title, protocol, date, machine, rows }: Bench = JSON.parse(readFileSync(file, 'utf8'));
  const { processor, cores, node } = machine;
  return [
    `**${title}.** ${processor}, ${cores} cores, Node ${node}, ${date} ([figures](${file})).`,
    markdownTable(rows),
    protocol,
  ].join('\n\n');
}

/** `text` with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced. */
function replaceBlock(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`report: README.md must hold ${begin} and then ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

/** README.md as the cards and results of this folder would have it. */
export async function renderReadme(readme: string): Promise<string> {
  const benches = ['train-step', 'engine', 'edge', 'integer']
    .map((name) => `results/bench-${name}.json`)
    .filter((file) => existsSync(file));
  const withModels = replaceBlock(readme, 'models', markdownTable((await readCards('models')).map(modelRow)));
  return replaceBlock(withModels, 'bench', benches.map(benchSection).join('\n\n'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const write = (file: string, text: string) => {
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  };
  write('README.md', await renderReadme(readFileSync('README.md', 'utf8')));
  for (const { id, chart } of readSections('results'))
    for (const theme of chart ? (['light', 'dark'] as const) : [])
      write(`results/${id}-${theme}.svg`, drawChart(chart!, theme));
  write('results/README.md', renderResults('results'));
}
