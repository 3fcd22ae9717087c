// Writes zoo.golden.json and completions.golden.json after a model was added: npx tsx test/worker/golden.ts. A line that changes is a broken promise.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishModels } from '../../export/publish.ts';
import { isAble } from '../../models/able.ts';
import { createNodeApp } from '../../worker/node.ts';
import { completions, generated, goldenHash } from './golden-request.ts';

const SEEDS = ['0', '7', 'anna', 'otto', '日本'];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-golden-'));
  const cards = await publishModels('models', folder);
  const app = createNodeApp(folder);
  const write = async (file: string, able: 'generate' | 'complete', ask: typeof generated) => {
    const golden: Record<string, Record<string, string>> = {};
    for (const { id, version } of cards.filter((card) => isAble(card, able))) {
      const name = `${id}@${version}`;
      golden[name] = {};
      for (const seed of SEEDS) golden[name][seed] = await goldenHash(app, ask(name, seed));
    }
    writeFileSync(`test/worker/${file}.golden.json`, `${JSON.stringify(golden, null, 2)}\n`);
  };
  await write('zoo', 'generate', generated);
  await write('completions', 'complete', completions);
  rmSync(folder, { recursive: true });
}

await main();
