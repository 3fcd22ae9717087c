// A request for every operation of the reference: to read, and to try.
import { codeShape } from '../../core/latents/codes.ts';
import { isAble } from '../../models/able.ts';
import type { Capability } from '../../models/capabilities.ts';
import type { ModelCard } from '../../models/card.ts';
import { isContinuous, isDiscrete, latentSize } from '../../models/latent.ts';
import { nameOf } from '../../models/model-id.ts';
import {
  type Bound,
  completionsWithin,
  mapWithin,
  pathWithin,
  type Sheet,
  sheetWithin,
  sideWithin,
} from './within.ts';

/** What an operation takes in its body: a picture, a code, or an example of JSON. */
export type ExampleBody = 'picture' | 'code' | { json: object };

export type Example = {
  /** Values of its parameters, those of the path first. */
  values: Record<string, string>;
  body?: ExampleBody;
  /** What a program makes of the answer. */
  answer: 'picture' | 'json' | 'bytes' | 'page';
};

type Recipe = {
  /** What its model can do; without one it needs none. */
  needs?: Capability;
  /** Whether it is for such latents; absent: for all. */
  suits?(card: ModelCard): boolean;
  of(name: string, card: ModelCard, bound: Bound): Example;
};

const posted = (
  needs: Capability,
  answer: Example['answer'],
  values: Record<string, string> = {},
): Recipe => ({ needs, of: (model) => ({ values: { model, ...values }, body: 'picture', answer }) });
const plain = (answer: Example['answer'], values: Record<string, string> = {}): Recipe => ({
  of: () => ({ values, answer }),
});

const texts = <T extends Record<string, number>>(values: T) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])) as Record<
    keyof T,
    string
  >;
/** As large as wanted, or as fits; where nothing does, as wanted: the answer says so. */
const sheetValues = (card: ModelCard, wanted: Sheet, bound: Bound) =>
  texts((isAble(card, 'generate') && sheetWithin(card, wanted, bound)) || wanted);
const pathValues = (card: ModelCard, wanted: { steps: number; scale: number }, bound: Bound) =>
  texts((isAble(card, 'interpolate') && pathWithin(card, wanted, bound)) || wanted);

const RECIPES: Record<string, Recipe> = {
  'get /generate': {
    needs: 'generate',
    of: (model, card, bound) => ({
      values: { model, seed: 'anna', ...sheetValues(card, { n: 16, columns: 4, scale: 2 }, bound) },
      answer: 'picture',
    }),
  },
  'get /generate/{file}': {
    needs: 'generate',
    of: (name, card, bound) => {
      const { scale } = sheetValues(card, { n: 1, columns: 1, scale: 8 }, bound);
      return { values: { file: `${name}.png`, seed: 'anna', scale }, answer: 'picture' };
    },
  },
  'get /generate/{id}/{sized}': {
    needs: 'generate',
    of(id, card, bound) {
      const side = (isAble(card, 'generate') && sideWithin(card, 256, 8, bound)) || 8;
      return { values: { id, sized: `${side}x${side}.webp`, seed: 'anna', radius: '50' }, answer: 'picture' };
    },
  },
  'get /interpolate': {
    needs: 'interpolate',
    of: (model, card, bound) => ({
      values: { model, from: 'anna', to: 'otto', ...pathValues(card, { steps: 8, scale: 2 }, bound) },
      answer: 'picture',
    }),
  },
  'get /interpolate/{file}': {
    needs: 'interpolate',
    of(name, card, bound) {
      const values = pathValues(card, { steps: 24, scale: 4 }, bound);
      return {
        values: { file: `${name}.apng`, from: 'anna', to: 'otto', ...values, loop: 'true' },
        answer: 'picture',
      };
    },
  },
  'get /manifold/{file}': {
    needs: 'generate',
    suits: ({ latent }) => latent !== undefined && isContinuous(latent),
    of(name, card, bound) {
      const wanted = { size: 8, scale: 2 };
      const values = texts((isAble(card, 'generate') && mapWithin(card, wanted, bound)) || wanted);
      return {
        values: { file: `${name}.png`, origin: 'anna', right: 'otto', down: 'eva', ...values },
        answer: 'picture',
      };
    },
  },
  'post /decode': {
    needs: 'generate',
    of(model, { latent }) {
      const zeros = (length: number) => [Array<number>(length).fill(0)];
      const json =
        latent && isDiscrete(latent)
          ? { codes: zeros(codeShape(latent).variables) }
          : { latents: zeros(latent ? latentSize(latent) : 0) };
      return { values: { model, scale: '8' }, body: { json }, answer: 'picture' };
    },
  },
  'post /encode': posted('encode', 'json'),
  'post /reconstruct': posted('encode', 'picture', { scale: '4' }),
  'post /complete': {
    needs: 'complete',
    of: (model, card, bound) => ({
      values: {
        model,
        seed: 'anna',
        n: String((isAble(card, 'complete') && completionsWithin(card, 8, bound)) || 1),
        scale: '2',
      },
      body: 'picture',
      answer: 'picture',
    }),
  },
  'post /classify': posted('classify', 'json'),
  'post /edit': {
    needs: 'edit',
    of: (model, card) => ({
      values: {
        model,
        seed: 'anna',
        direction: isAble(card, 'edit') ? card.directions[0]!.name : '',
        strength: '2',
        scale: '4',
      },
      answer: 'picture',
    }),
  },
  'post /anomaly': posted('anomaly', 'json', { rate: '0.01' }),
  'post /compress': posted('compress', 'bytes', { quality: '5' }),
  'post /decompress': {
    needs: 'compress',
    of: () => ({ values: { scale: '4' }, body: 'code', answer: 'picture' }),
  },
  'get /models': plain('json', { format: 'json' }),
  'get /models/{id}': {
    needs: 'generate',
    of: (id) => ({ values: { id, format: 'json' }, answer: 'json' }),
  },
  'get /models/{id}/{file}': {
    needs: 'generate',
    of: (id, card) => ({ values: { id, file: card.graphs.decoder?.file ?? '' }, answer: 'bytes' }),
  },
  'get /embed': {
    needs: 'generate',
    of: (model) => ({ values: { model, seed: 'anna' }, answer: 'page' }),
  },
  'get /oembed': plain('json'),
  'get /openapi.json': plain('json'),
  'get /docs': plain('page'),
  'get /healthz': plain('json'),
};

/** Whom an example asks: the default model where it can, else the first that can. */
function cardFor(
  cards: readonly ModelCard[],
  { needs, suits = () => true }: Recipe & { needs: Capability },
  defaultModel: string,
): ModelCard | undefined {
  const able = cards.filter((card) => isAble(card, needs) && suits(card));
  return able.findLast((card) => card.id === defaultModel || nameOf(card) === defaultModel) ?? able[0];
}

export type Situation = Bound & { cards: readonly ModelCard[]; defaultModel: string; origin: string };

/** The example of an operation, `get /generate` say; `missing` names what no model here can do. */
export function exampleOf(
  operation: string,
  { cards, defaultModel, origin, maxOperations }: Situation,
): { example: Example } | { missing: Capability } | undefined {
  const recipe = RECIPES[operation];
  if (!recipe) return undefined;
  const { needs } = recipe;
  if (!needs) {
    const example = recipe.of('', cards[0]!, {});
    if (operation !== 'get /oembed') return { example };
    return { example: { ...example, values: { url: `${origin}/generate?seed=anna` } } };
  }
  const card = cardFor(cards, { ...recipe, needs }, defaultModel);
  return card ? { example: recipe.of(nameOf(card), card, { maxOperations }) } : { missing: needs };
}
