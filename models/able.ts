// Capabilities as types: what a card that names one is sure to have.
import type { Capability } from './capabilities.ts';
import type { DiscreteVaeCard, GaussianVaeCard, GraphCard, ModelCard } from './card.ts';
import type { ContinuousSpec, LatentSpec } from './latent.ts';
import type {
  AnomalyCard,
  ClassificationCard,
  CompletionCard,
  CompressionCard,
  SymbolCompressionCard,
} from './sections.ts';

type Generator = { latent: LatentSpec; graphs: { decoder: GraphCard } };

type Needs = {
  generate: Generator;
  interpolate: Generator;
  encode: { latent: LatentSpec; graphs: { encoder: GraphCard } };
  complete: { graphs: { completer: GraphCard }; completion: CompletionCard };
  classify: { graphs: { classifier: GraphCard }; classification: ClassificationCard; labels: string[] };
  anomaly: (GaussianVaeCard | DiscreteVaeCard) & { anomaly: AnomalyCard };
  edit: Generator & { latent: ContinuousSpec; directions: NonNullable<ModelCard['directions']> };
  compress:
    | (GaussianVaeCard & { compression: CompressionCard })
    | (DiscreteVaeCard & { compression: SymbolCompressionCard });
};

export type Able<C extends Capability> = ModelCard & Needs[C];

/** A model whose codes are of symbols. */
export type SymbolCompressor = Extract<Able<'compress'>, DiscreteVaeCard>;

export const isAble = <C extends Capability>(card: ModelCard, capability: C): card is Able<C> =>
  card.capabilities.includes(capability);
