// From the settings of a network to its configuration.
import type { Activation } from '../layers/activations.ts';
import type { NetworkConfig } from '../networks/create.ts';
import type { Values } from './rules.ts';
import type { NETWORK } from './settings.ts';

export function networkOf(recipe: Values<typeof NETWORK>): NetworkConfig {
  const activation = recipe.activation as Activation;
  if (recipe.network === 'mlp') return { kind: 'mlp', hidden: recipe.hidden, activation };
  const { channels, dense, batchNorm } = recipe;
  return { kind: 'conv', channels, dense, activation, batchNorm };
}

/** For people. */
export const NETWORK_WORDS: Record<string, string> = { mlp: 'fully connected', conv: 'convolutional' };
