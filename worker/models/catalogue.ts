// The list of models, index.json: read anew once a minute, so that one that comes into a bucket is served soon.
import type { ModelCard } from '../../models/card.ts';
import { Problem } from '../http/problem.ts';
import { createShared } from '../shared.ts';

/** Reads a file below the folder of models, anew each time: the bytes are the caller's. Null when there is none. */
export type ReadFile = (path: string) => Promise<ArrayBuffer | null>;

const FRESH_MILLISECONDS = 60_000;
/** How long an old list serves on, when there is no new one to be had. */
const RETRY_MILLISECONDS = 5_000;

export type Catalogue = {
  cards: ModelCard[];
  /** The same as JSON. */
  text: string;
};

/** Every card was validated when it was published; here that would cost half of the first answer's time. */
const isCard = (card: unknown): boolean => {
  const { id, version, files, graphs, image, latent } = (card ?? {}) as Partial<ModelCard>;
  return (
    typeof id === 'string' &&
    typeof version === 'number' &&
    Array.isArray(files) &&
    [graphs, image, latent].every((section) => section === undefined || typeof section === 'object')
  );
};

function parse(bytes: ArrayBuffer | null): Catalogue | undefined {
  try {
    const text = new TextDecoder().decode(bytes ?? undefined);
    const cards = JSON.parse(text);
    return Array.isArray(cards) && cards.every(isCard) ? { cards, text } : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Problem 503 while there is no list that can be read, and there was none before. */
export function createCatalogue(readFile: ReadFile): () => Promise<Catalogue> {
  let kept: (Catalogue & { until: number }) | undefined;
  const shared = createShared<Catalogue>();

  async function read(): Promise<Catalogue> {
    const catalogue = parse(await readFile('index.json'));
    if (catalogue) {
      kept = { ...catalogue, until: Date.now() + FRESH_MILLISECONDS };
      return kept;
    }
    if (!kept)
      throw new Problem(503, 'the list of models, index.json, is not there yet; npm run build makes it', [], {
        'Retry-After': '2',
      });
    console.error('models: index.json is missing or damaged; the one before it serves on');
    kept.until = Date.now() + RETRY_MILLISECONDS;
    return kept;
  }

  return async () => (kept && Date.now() < kept.until ? kept : shared('index.json', read));
}
