// Writes zoo.golden.json after a model was added: npx tsx test/worker/golden.ts. A line that changes is a broken promise.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishModels } from '../../export/publish.ts';
import { isAble } from '../../models/able.ts';
import { createNodeApp } from '../../worker/node.ts';

const SEEDS = ['0', '7', 'anna', 'otto', '日本'];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-golden-'));
  const cards = await publishModels('models', folder);
  const app = createNodeApp(folder);
  const golden: Record<string, Record<string, string>> = {};
  for (const { id, version } of cards.filter((card) => isAble(card, 'generate'))) {
    const name = `${id}@${version}`;
    golden[name] = {};
    for (const seed of SEEDS) {
      const response = await app.request(`/generate/${name}.png?seed=${encodeURIComponent(seed)}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      golden[name][seed] = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    }
  }
  writeFileSync('test/worker/zoo.golden.json', `${JSON.stringify(golden, null, 2)}\n`);
  rmSync(folder, { recursive: true });
}

await main();
