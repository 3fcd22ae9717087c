// README's figures come from the cards and from results/, never from a keyboard.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderReadme } from '../../report/cli.ts';

test('README shows the figures of the cards and results; `npm run report` renews them', async () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(await renderReadme(readme)).toBe(readme);
});

test('a README without the marks is refused, and the missing one is named', async () => {
  await expect(renderReadme('# dreamlet')).rejects.toThrow(
    'README.md must hold <!-- models:begin --> and then <!-- models:end -->',
  );
});
