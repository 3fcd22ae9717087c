// `npm run report`: writes the figures of README.md and docs/owners.md, docs/measurements.md, and results/README.md with its pictures, anew, from
// the model cards and from results/ alone.
import { readFileSync } from 'node:fs';
import { readCards } from '../export/publish.ts';
import { drawGame } from '../figures/game.ts';
import { THEMES } from '../figures/theme.ts';
import { writeAtomically } from '../train/io/files.ts';
import { drawChart } from './chart.ts';
import { renderResults } from './markdown.ts';
import { renderMeasurements } from './measurements.ts';
import { renderOwners } from './owners.ts';
import { renderReadme } from './readme.ts';
import { readSections } from './sections.ts';

const sections = readSections('results');
for (const { id, chart, game } of sections)
  for (const theme of ['light', 'dark'] as const) {
    if (chart) writeAtomically(`results/${id}-${theme}.svg`, drawChart(chart, theme));
    if (!game) continue;
    writeAtomically(`results/${id}-game-moving-${theme}.svg`, drawGame(game, THEMES[theme], true));
    writeAtomically(`results/${id}-game-still-${theme}.svg`, drawGame(game, THEMES[theme], false));
  }
writeAtomically('results/README.md', renderResults(sections));
writeAtomically('docs/measurements.md', renderMeasurements('results'));
writeAtomically('docs/owners.md', renderOwners(readFileSync('docs/owners.md', 'utf8'), 'results'));
writeAtomically(
  'README.md',
  renderReadme(readFileSync('README.md', 'utf8'), await readCards('models'), 'results'),
);
