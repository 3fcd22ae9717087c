// From the settings of a network to its configuration.
import type { Activation } from '../layers/activations.ts';
import type { ConvConfig } from '../networks/conv.ts';
import type { MlpConfig } from '../networks/mlp.ts';
import type { Values } from './rules.ts';
import type { NETWORK } from './settings.ts';

export function networkOf(recipe: Values<typeof NETWORK>): MlpConfig | ConvConfig {
  const activation = recipe.activation as Activation;
  if (recipe.network === 'mlp') return { kind: 'mlp', hidden: recipe.hidden, activation };
  const { channels, dense, batchNorm } = recipe;
  return { kind: 'conv', channels, dense, activation, batchNorm };
}

/** For people. */
export const NETWORK_WORDS: Record<string, string> = { mlp: 'fully connected', conv: 'convolutional' };
