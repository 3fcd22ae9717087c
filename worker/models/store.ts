// The models that are there, and their sessions: verified once, loaded once, kept while there is room.
import { sha256 } from '../../core/sha256.ts';
import { type GraphName, MODEL_ID_PATTERN, type ModelCard } from '../../models/card.ts';
import type { Engine, Session } from '../engine/engine.ts';
import { firstAble } from '../engine/first-able.ts';
import { Problem } from '../http/problem.ts';

/** Reads a file below the folder of models; null when there is none. */
export type ReadFile = (path: string) => Promise<ArrayBuffer | null>;

/** `simd` is dreamlet's own engine, `ort` the reference. */
export type EngineName = 'simd' | 'ort';

export type ModelStore = {
  cards(): Promise<ModelCard[]>;
  /** The card that `id` (newest version) or `id@version` names. @throws Problem 404 listing the models. */
  find(reference: string): Promise<{ card: ModelCard; pinned: boolean }>;
  /** What the card says of a file of the package. @throws Problem 404 listing the files. */
  entry(card: ModelCard, name: string): ModelCard['files'][number];
  /** A verified file of a package. @throws Problem 404 listing the files, 503 while it is not there yet. */
  file(card: ModelCard, name: string): Promise<ArrayBuffer>;
  /** Calls `work` with a loaded graph of the model, which stays loaded meanwhile. */
  withSession<T>(
    card: ModelCard,
    graph: GraphName,
    work: (session: Session) => Promise<T>,
    engine?: EngineName,
  ): Promise<T>;
};

/** `reference` takes the graphs that `engine` declines, and those for which it is asked by name. */
export type Engines = { engine: Engine; reference?: Engine };

/** Weights that all sessions together may hold, bytes; the least recently used goes first. */
const SESSION_BYTES = 48 * 1024 * 1024;

/** How long the list of models is trusted: one that comes into the bucket is served a minute later at most. */
const CATALOGUE_MILLISECONDS = 60_000;

/** Remembers the promise of a value for a while, but not a failure: the next caller tries again. */
function remembered<T>(milliseconds: number, make: () => Promise<T>): () => Promise<T> {
  let kept: { promise: Promise<T>; until: number } | undefined;
  return () => {
    if (kept && Date.now() < kept.until) return kept.promise;
    const entry = { promise: make(), until: Date.now() + milliseconds };
    kept = entry;
    entry.promise.catch(() => {
      if (kept === entry) kept = undefined;
    });
    return entry.promise;
  };
}

export function createModelStore(
  readFile: ReadFile,
  { engine, reference }: Engines,
  sessionBytes = SESSION_BYTES,
): ModelStore {
  const cards = remembered(CATALOGUE_MILLISECONDS, async () => {
    const bytes = await readFile('index.json');
    if (!bytes) throw new Error('models: index.json is missing; build it with: npm run build');
    // Every card was validated when it was published; here that would cost half of the first answer's time.
    return JSON.parse(new TextDecoder().decode(bytes)) as ModelCard[];
  });

  const entry = ({ id, version, files }: ModelCard, name: string) => {
    const found = files.find((file) => file.name === name);
    if (found) return found;
    const names = files.map((file) => file.name).join(', ');
    throw new Problem(404, `${id}@${version} has no file '${name}'; it has ${names}`);
  };

  const readVerified = async (card: ModelCard, name: string): Promise<ArrayBuffer> => {
    const { id, version } = card;
    const wanted = entry(card, name);
    const bytes = await readFile(`${id}@${version}/${name}`);
    // The list of models can be newer than their files, while a model is being published.
    if (!bytes)
      throw new Problem(503, `${id}@${version}/${name} is not there yet; try again in a moment`, [], {
        'Retry-After': '2',
      });
    const actual = await sha256(bytes);
    if (actual !== wanted.sha256)
      throw new Error(
        `models: ${id}@${version}/${name} has SHA-256 ${actual}, the card says ${wanted.sha256}`,
      );
    return bytes;
  };

  // A Map keeps insertion order: the first entry is the least recently used.
  type Slot = { load: Promise<Session>; bytes: number; users: number };
  const sessions = new Map<string, Slot>();
  const makeRoom = () => {
    let total = [...sessions.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [key, { load, bytes, users }] of sessions) {
      if (total <= sessionBytes) return;
      if (users > 0) continue;
      sessions.delete(key);
      total -= bytes;
      void load.then((session) => session.release());
    }
  };
  const able = reference ? firstAble(engine, reference) : engine;
  const slotOf = (card: ModelCard, graph: GraphName, name: EngineName): Slot => {
    const description = card.graphs[graph];
    if (!description) throw new Error(`models: ${card.id}@${card.version} has no ${graph}`);
    // With the hash: a developer may build another model under the same version.
    const sha256 = card.files.find(({ name }) => name === description.file)?.sha256;
    const key = `${card.id}@${card.version}/${graph}/${sha256}/${name}`;
    const chosen = name === 'ort' ? reference : able;
    if (!chosen)
      throw new Problem(422, 'the reference engine, onnxruntime-web, does not stand beside this worker');
    let slot = sessions.get(key);
    if (slot) sessions.delete(key);
    else {
      const load = readVerified(card, description.file).then((bytes) => chosen.load(new Uint8Array(bytes)));
      slot = { load, bytes: 4 * description.parameters, users: 0 };
      load.catch(() => sessions.delete(key));
    }
    sessions.set(key, slot);
    return slot;
  };

  return {
    cards,

    async find(reference) {
      const [id, version, ...rest] = reference.split('@');
      const all = await cards();
      const matching = all.filter(
        (card) => card.id === id && (version === undefined || String(card.version) === version),
      );
      const card = matching.reduce<ModelCard | undefined>(
        (a, b) => (a && a.version > b.version ? a : b),
        undefined,
      );
      if (!card || rest.length > 0 || !MODEL_ID_PATTERN.test(id!))
        throw new Problem(
          404,
          `there is no model '${reference.slice(0, 80)}'; the models are ${all.map((c) => `${c.id}@${c.version}`).join(', ')}`,
        );
      return { card, pinned: version !== undefined };
    },

    entry,

    file: readVerified,

    async withSession(card, graph, work, name = 'simd') {
      const slot = slotOf(card, graph, name);
      slot.users += 1;
      try {
        return await work(await slot.load);
      } finally {
        slot.users -= 1;
        makeRoom();
      }
    },
  };
}
