// A network by its configuration.
import { type ConvConfig, convNetwork } from './conv.ts';
import { type MlpConfig, mlp } from './mlp.ts';
import type { Network, NetworkSize } from './network.ts';

export type NetworkConfig = MlpConfig | ConvConfig;

export const createNetwork = (config: NetworkConfig, size: NetworkSize): Network =>
  config.kind === 'mlp' ? mlp(config, size) : convNetwork(config, size);
