// README's figures come from the cards and from results/, never from a keyboard.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCards } from '../../export/publish.ts';
import { headlines, renderMeasurements } from '../../report/measurements.ts';
import { renderReadme } from '../../report/readme.ts';

const cards = await readCards('models');
const readme = readFileSync('README.md', 'utf8');

test('README and docs/measurements.md are what `npm run report` makes of cards and results', () => {
  expect(renderReadme(readme, cards, 'results')).toBe(readme);
  expect(readFileSync('docs/measurements.md', 'utf8')).toBe(renderMeasurements('results'));
  expect(headlines('results')).toHaveLength(3);
  expect(headlines('nowhere')).toEqual([]);
});

test('a README without the marks is refused, and the missing one is named', () => {
  expect(() => renderReadme('# dreamlet', cards, 'results')).toThrow(
    'README.md must hold <!-- models:begin --> and then <!-- models:end -->',
  );
});
