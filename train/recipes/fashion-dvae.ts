// Clothes in codes of thirty-two symbols, as mnist-dvae. Grey levels stand as the probabilities of the Bernoulli
// likelihood, as in fashion-vae.
import type { DiscreteVaeRecipe } from '../families/discrete-vae.ts';
import { mnistDvae } from './mnist-dvae.ts';

export const fashionDvae = {
  ...mnistDvae,
  dataset: 'fashion-mnist',
  variant: 'grey',
  variables: 32, // clothes have more to say than digits
  symbols: 8,
  epochs: 8,
} satisfies DiscreteVaeRecipe;
