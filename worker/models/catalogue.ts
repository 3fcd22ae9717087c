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

/**
 * Every card was validated when it was published; here that would cost half of the first answer's time. One that is no
 * card all the same is found out when it has done harm.
 */
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

/** The first card that is none by the schema, in words. */
async function flawIn({ cards }: Catalogue): Promise<string | undefined> {
  const { modelCardSchema } = await import('../../models/card-schema.ts');
  for (const [i, card] of cards.entries()) {
    const issue = modelCardSchema.safeParse(card).error?.issues[0];
    if (issue) return `index.json: ${[i, ...issue.path].join('.')}: ${issue.message}`;
  }
  return undefined;
}

export function createCatalogue(readFile: ReadFile): {
  /** @throws Problem 503 while there is no list that can be read, and there was none before. */
  read(): Promise<Catalogue>;
  /** Forgets the list if a card in it is none, for those whom something unforeseen befell. @returns what is wrong with it */
  examine(): Promise<string | undefined>;
} {
  let kept: (Catalogue & { until: number }) | undefined;
  const shared = createShared<Catalogue>();

  async function read(): Promise<Catalogue> {
    const bytes = await readFile('index.json').catch((error: unknown) => {
      console.error('models: index.json cannot be read:', error);
      return null;
    });
    const catalogue = parse(bytes);
    if (catalogue) {
      kept = { ...catalogue, until: Date.now() + FRESH_MILLISECONDS };
      return kept;
    }
    if (!kept)
      throw new Problem(
        503,
        'the list of models, index.json, is not there yet, or cannot be read; npm run build makes it',
        [],
        {
          'Retry-After': '2',
        },
      );
    console.error('models: index.json is missing or damaged; the one before it serves on');
    kept.until = Date.now() + RETRY_MILLISECONDS;
    return kept;
  }

  return {
    read: async () => (kept && Date.now() < kept.until ? kept : shared('index.json', read)),
    async examine() {
      const flaw = kept && (await flawIn(kept));
      if (flaw) kept = undefined;
      return flaw;
    },
  };
}
