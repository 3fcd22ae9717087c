// results/README.md: the sections of every experiment that has cells, in Markdown.

import type { Section } from '../figures/section.ts';
import { markdownOf } from '../figures/table.ts';
import { EXPERIMENTS } from '../train/experiments/registry.ts';

const chartPicture = (id: string, title: string): string =>
  `<picture><source media="(prefers-color-scheme: dark)" srcset="${id}-dark.svg"><img alt="${title}" src="${id}-light.svg"></picture>`;

/** Moving where the reader's system does not ask for stillness. */
const gamePicture = (id: string, title: string): string => {
  const source = (motion: string, scheme: string, file: string) =>
    `<source media="(prefers-reduced-motion: ${motion}) and (prefers-color-scheme: ${scheme})" srcset="${id}-game-${file}.svg">`;
  const sources = [
    source('no-preference', 'dark', 'moving-dark'),
    source('no-preference', 'light', 'moving-light'),
    source('reduce', 'dark', 'still-dark'),
  ];
  return `<picture>${sources.join('')}<img alt="${title}" src="${id}-game-still-light.svg"></picture>`;
};

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

const renderSection = ({
  id,
  title,
  length,
  claims,
  chart,
  game,
  pictures,
  table,
  notes,
  data,
}: Section): string =>
  [
    `## ${title}`,
    length,
    ...claims.map(({ claim, verdict, found }) => `**${capital(verdict)}: ${claim}.** ${found}`),
    ...(chart ? [chartPicture(id, chart.title)] : []),
    ...(game ? [gamePicture(id, game.title)] : []),
    ...(table ? [markdownOf(table)] : []),
    ...pictures.map(({ file, caption }) => `${caption}\n\n![${caption}](${id}/${file})`),
    ...notes,
    `${data}. Settings and protocol of each cell are in [${id}/](${id}/).`,
  ].join('\n\n');

const INTRODUCTION = `Made by \`npm run report\` from the JSON files in this folder; \`npm run experiment -- <name> --cell=<cell> --force\` makes any of those again, with the \`--samples\` of its section where that has one. Figures are nats per image where nothing else is said; those of different data variants cannot be compared.

Verdicts: *held*, *held in part* and *not held* are of what was measured; *ahead so far*: the claim is of runs that came to rest, these have not, and it holds as far as they came; *not reached*: what was measured does not decide it, being too short or within twice its standard error.`;

/** The experiments without any cell, which have no section. */
function renderNotRun(sections: readonly Section[]): string[] {
  const absent = EXPERIMENTS.filter(({ id }) => sections.every((section) => section.id !== id));
  if (absent.length === 0) return [];
  const names = absent.map(({ id, title }) => `- ${title}: \`npm run experiment -- ${id}\``);
  return [
    `## Not run\n\nWritten, tested on small models, and without a cell for want of processor time:\n\n${names.join('\n')}`,
  ];
}

export const renderResults = (sections: readonly Section[]): string =>
  `${[`# Results\n\n${INTRODUCTION}`, ...sections.map(renderSection), ...renderNotRun(sections)].join('\n\n')}\n`;
