// The list of models, index.json: read anew once a minute, so that one that comes into a bucket is served soon.
import type { ModelCard } from '../../models/card.ts';
import { Problem } from '../http/problem.ts';
import { createShared } from '../shared.ts';

/** Reads a file below the folder of models, anew each time: the bytes are the caller's. Null when there is none. */
export type ReadFile = (path: string) => Promise<ArrayBuffer | null>;

const FRESH_MILLISECONDS = 60_000;
/** How long an old list serves on, when there is no new one to be had. */
const RETRY_MILLISECONDS = 5_000;

/** One of the models that are there; `card` reads what is said of it. @throws Problem 503 where that is damaged */
type Entry = { id: string; version: number; card(): ModelCard };

export type Catalogue = {
  entries: readonly Entry[];
  /** All cards as JSON. @throws as `card` */
  text(): string;
};

/**
 * Every card was validated when it was published; here that would cost half of the first answer's time. One that is no
 * card all the same is found out when it has done harm.
 */
const isCard = (card: unknown): card is ModelCard => {
  const { id, version, files, graphs, image, latent } = (card ?? {}) as Partial<ModelCard>;
  return (
    typeof id === 'string' &&
    typeof version === 'number' &&
    Array.isArray(files) &&
    [graphs, image, latent].every((section) => section === undefined || typeof section === 'object')
  );
};

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
/** How a line of the list begins that `npm run build` writes. */
const HEAD = /^\{"schema":\d+,"id":"([a-z0-9-]+)","version":(\d+),/;
const HEAD_BYTES = 160;
const NEWLINE = 10;

/**
 * Of a list with a line for each card nothing is read but where the lines begin: the one that is asked for is read then.
 * Nothing where the list is of another form, or cut short.
 */
function byLines(bytes: Uint8Array, damaged: (what: string) => Problem): Catalogue | undefined {
  if (decode(bytes.subarray(0, 2)) !== '[\n' || decode(bytes.subarray(-3)) !== '\n]\n') return undefined;
  const entries: Entry[] = [];
  const last = bytes.length - 3;
  for (let from = 2; from < last; ) {
    const end = Math.min(last, bytes.indexOf(NEWLINE, from));
    const [, id, version] = HEAD.exec(decode(bytes.subarray(from, Math.min(end, from + HEAD_BYTES)))) ?? [];
    if (!id) return undefined;
    const line = bytes.subarray(from, end === last ? end : end - 1);
    let found: ModelCard | undefined;
    const card = () => {
      found ??= readLine(line);
      if (!found) throw damaged(`${id}@${version}`);
      return found;
    };
    entries.push({ id, version: Number(version), card });
    from = end + 1;
  }
  const text = () => {
    for (const { card } of entries) card();
    return decode(bytes);
  };
  return { entries, text };
}

function readLine(line: Uint8Array): ModelCard | undefined {
  try {
    const card: unknown = JSON.parse(decode(line));
    return isCard(card) ? card : undefined;
  } catch {
    return undefined;
  }
}

function parse(bytes: ArrayBuffer): Catalogue | undefined {
  try {
    const text = decode(new Uint8Array(bytes));
    const cards: unknown = JSON.parse(text);
    if (!Array.isArray(cards) || !cards.every(isCard)) return undefined;
    const entries = cards.map((card: ModelCard) => ({
      id: card.id,
      version: card.version,
      card: () => card,
    }));
    return { entries, text: () => text };
  } catch {
    return undefined;
  }
}

/** The first card that is none by the schema, in words. */
async function flawIn({ entries }: Catalogue): Promise<string | undefined> {
  const { modelCardSchema } = await import('../../models/card-schema.ts');
  for (const [i, { card }] of entries.entries()) {
    let issue: { path: PropertyKey[]; message: string } | undefined;
    try {
      issue = modelCardSchema.safeParse(card()).error?.issues[0];
    } catch (error) {
      if (error instanceof Problem) return error.message;
      throw error;
    }
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
  /** A line that is none has the list read anew by the next who asks. */
  const damaged = (name: string) => {
    kept = undefined;
    return new Problem(503, `the list of models, index.json, is damaged at ${name}; try again`, [], {
      'Retry-After': '2',
    });
  };

  async function read(): Promise<Catalogue> {
    const bytes = await readFile('index.json').catch((error: unknown) => {
      console.error('models: index.json cannot be read:', error);
      return null;
    });
    const catalogue = bytes ? (byLines(new Uint8Array(bytes), damaged) ?? parse(bytes)) : undefined;
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
