// The models that are there: their cards, their files and their sessions, verified before they are used.
import { sha256 } from '../../core/sha256.ts';
import type { GraphName, ModelCard } from '../../models/card.ts';
import { MODEL_ID_PATTERN } from '../../models/model-id.ts';
import type { Engine, Session } from '../engine/engine.ts';
import { firstAble } from '../engine/first-able.ts';
import { Problem } from '../http/problem.ts';
import { createCatalogue, type ReadFile } from './catalogue.ts';
import { finiteOnly } from './finite.ts';
import { createSessions } from './sessions.ts';

/** `simd` is dreamlet's own engine, `ort` the reference. */
export type EngineName = 'simd' | 'ort';

export type ModelStore = {
  cards(): Promise<ModelCard[]>;
  /** All cards as JSON. */
  cardsText(): Promise<string>;
  /** The card that `id` (newest version) or `id@version` names. @throws Problem 404 listing the models. */
  find(reference: string): Promise<{ card: ModelCard; pinned: boolean }>;
  /** What the card says of a file of the package. @throws Problem 404 listing the files. */
  entry(card: ModelCard, name: string): ModelCard['files'][number];
  /** A verified file of a package. @throws Problem 404 listing the files, 503 while it is not there yet, or damaged. */
  file(card: ModelCard, name: string): Promise<ArrayBuffer>;
  /** What is wrong with the list of models, if anything is; then it is read anew. */
  examine(): Promise<string | undefined>;
  /** Calls `work` with a loaded graph of the model, which stays loaded meanwhile. */
  withSession<T>(
    card: ModelCard,
    graph: GraphName,
    work: (session: Session) => Promise<T>,
    engine?: EngineName,
  ): Promise<T>;
};

/** `reference` takes the graphs that `engine` declines, and those for which it is asked by name. */
export type Engines = {
  engine: Engine;
  reference?: Engine;
  /** SHA-256 of a file in hexadecimal digits. */
  hash?(bytes: BufferSource): Promise<string>;
};

/**
 * Memory that all sessions together may keep: all that ship (69 MB), so that none makes way for another in turn. What is
 * read and planned anew each time takes more memory, until it is collected, than what is kept.
 */
const SESSION_BYTES = 68 * 1024 * 1024;

/** Seconds after which a file may be there that is missing or damaged now, while a model is being published. */
const RETRY_AFTER = { 'Retry-After': '2' };

export function createModelStore(
  readFile: ReadFile,
  { engine, reference, hash = sha256 }: Engines,
  sessionBytes = SESSION_BYTES,
): ModelStore {
  const catalogue = createCatalogue(readFile);
  const sessions = createSessions(sessionBytes);
  const able = reference ? firstAble(engine, reference) : engine;

  const entry = ({ id, version, files }: ModelCard, name: string) => {
    const found = files.find((file) => file.name === name);
    if (found) return found;
    const names = files.map((file) => file.name).join(', ');
    throw new Problem(404, `${id}@${version} has no file '${name}'; it has ${names}`);
  };

  const readVerified = async (card: ModelCard, name: string): Promise<ArrayBuffer> => {
    const path = `${card.id}@${card.version}/${name}`;
    const wanted = entry(card, name).sha256;
    const bytes = await readFile(path).catch((error: unknown) => {
      console.error(`models: ${path} cannot be read:`, error);
      throw new Problem(503, `${path} cannot be read at the moment; try again`, [], RETRY_AFTER);
    });
    // The list of models can be newer than their files, while a model is being published.
    if (!bytes) throw new Problem(503, `${path} is not there yet; try again in a moment`, [], RETRY_AFTER);
    const actual = await hash(bytes);
    if (actual === wanted) return bytes;
    console.error(`models: ${path} has SHA-256 ${actual}, the card says ${wanted}`);
    throw new Problem(503, `${path} is damaged; it may be whole again in a moment`, [], RETRY_AFTER);
  };

  return {
    async cards() {
      return (await catalogue.read()).entries.map(({ card }) => card());
    },

    async cardsText() {
      return (await catalogue.read()).text();
    },

    async find(reference) {
      const [id, version, ...rest] = reference.split('@');
      const { entries } = await catalogue.read();
      const matching = entries.filter(
        (entry) => entry.id === id && (version === undefined || String(entry.version) === version),
      );
      const newest = matching.toSorted((a, b) => b.version - a.version)[0];
      if (!newest || rest.length > 0 || !MODEL_ID_PATTERN.test(id!))
        throw new Problem(
          404,
          `there is no model '${reference.slice(0, 80)}'; the models are ${entries.map((one) => `${one.id}@${one.version}`).join(', ')}`,
        );
      return { card: newest.card(), pinned: version !== undefined };
    },

    entry,

    file: readVerified,

    examine: catalogue.examine,

    async withSession(card, graph, work, name = 'simd') {
      const description = card.graphs[graph];
      if (!description) throw new Error(`models: ${card.id}@${card.version} has no ${graph}`);
      const chosen = name === 'ort' ? reference : able;
      if (!chosen)
        throw new Problem(422, 'the reference engine, onnxruntime-web, does not stand beside this worker');
      const { bytes, sha256 } = entry(card, description.file);
      const loading = {
        bytes: bytes + 4 * description.parameters,
        load: async () => {
          const read = async () => new Uint8Array(await readVerified(card, description.file));
          return finiteOnly(await chosen.load(read));
        },
      };
      // By the file: versions of a model may have the same graph, and a developer another one under the same version.
      return sessions.use(`${sha256}/${name}`, loading, work);
    },
  };
}
