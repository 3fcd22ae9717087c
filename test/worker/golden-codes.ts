// Writes codes.golden.json: npx tsx test/worker/golden-codes.ts. Codes that are there stay as they are, and gain company
// when a model is added; what they say must never change.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishModels } from '../../export/publish.ts';
import { createNodeApp } from '../../worker/node.ts';

const FILE = 'test/worker/codes.golden.json';
const QUALITIES = [1, 4, 6];

type Golden = { model: string; quality: number; label?: string; latent: string; pixels: string };
type Answer = {
  label?: string;
  latent?: number[];
  codes?: number[];
  code: string;
  images: { label?: string; pixels: string }[];
};

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dreamlet-codes-'));
  const cards = await publishModels('models', folder);
  const app = createNodeApp(folder);
  const post = async (path: string, body: BodyInit, type: string) => {
    const response = await app.request(path, { method: 'POST', body, headers: { 'Content-Type': type } });
    return (await response.json()) as Answer;
  };
  const golden: Record<string, Golden> = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
  for (const card of cards.filter(({ compression }) => compression)) {
    const model = `${card.id}@${card.version}`;
    if (Object.values(golden).some((known) => known.model === model)) continue;
    const picture = await (await app.request(`/generate/${model}.png?seed=anna`)).arrayBuffer();
    for (const quality of QUALITIES) {
      const path = `/compress?model=${model}&quality=${quality}&format=json`;
      const { code } = await post(path, picture, 'image/png');
      const { latent, codes, images } = await post(
        '/decompress?format=json',
        JSON.stringify({ code }),
        'application/json',
      );
      const { label, pixels } = images[0]!;
      golden[code] = {
        model,
        quality,
        ...(label === undefined ? {} : { label }),
        latent: (latent ?? codes)!.join(' '),
        pixels: createHash('sha256').update(Buffer.from(pixels, 'base64')).digest('hex').slice(0, 16),
      };
    }
  }
  writeFileSync(FILE, `${JSON.stringify(golden, null, 2)}\n`);
  rmSync(folder, { recursive: true });
}

await main();
