// README.md with the figures of cards and results in its marked places.
import { markdownOf } from '../figures/table.ts';
import type { ModelCard } from '../models/card.ts';
import { headlines } from './measurements.ts';
import { modelsTable } from './models.ts';

/** `text`, that of `file`, with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced. */
export function replaceBlock(text: string, name: string, content: string, file = 'README.md'): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`report: ${file} must hold ${begin} and then ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

/** README.md as the cards and the results under `root` would have it. */
export const renderReadme = (readme: string, cards: readonly ModelCard[], root: string): string =>
  replaceBlock(
    replaceBlock(readme, 'models', markdownOf(modelsTable(cards))),
    'measured',
    headlines(root)
      .map((line) => `- ${line}`)
      .join('\n'),
  );
