// The recipes by name.
import { nearest } from '../../core/nearest.ts';
import { emojiCgan } from './emoji-cgan.ts';
import { facesGan } from './faces-gan.ts';
import { facesVae } from './faces-vae.ts';
import { fashionCgan } from './fashion-cgan.ts';
import { fashionDvae } from './fashion-dvae.ts';
import { fashionVae } from './fashion-vae.ts';
import { freyVae } from './frey-vae.ts';
import { glyphsCgan } from './glyphs-cgan.ts';
import { glyphsVae } from './glyphs-vae.ts';
import { mnistBigan } from './mnist-bigan.ts';
import { mnistCgan } from './mnist-cgan.ts';
import { mnistCvae } from './mnist-cvae.ts';
import { mnistDvae } from './mnist-dvae.ts';
import { mnistGan } from './mnist-gan.ts';
import { mnistHalves } from './mnist-halves.ts';
import { mnistHvae } from './mnist-hvae.ts';
import { mnistM1M2 } from './mnist-m1m2.ts';
import { mnistM2 } from './mnist-m2.ts';
import { mnistM2Warped } from './mnist-m2-warped.ts';
import { mnistRows } from './mnist-rows.ts';
import { mnistSgan } from './mnist-sgan.ts';
import { mnistVae } from './mnist-vae.ts';
import { mnistVae2d } from './mnist-vae-2d.ts';
import { pictures } from './pictures.ts';
import { quick } from './quick.ts';
import type { Stated } from './resolve.ts';

export const RECIPES: Record<string, Stated> = {
  quick,
  pictures,
  'mnist-vae': mnistVae,
  'mnist-vae-2d': mnistVae2d,
  'mnist-cvae': mnistCvae,
  'mnist-hvae': mnistHvae,
  'mnist-rows': mnistRows,
  'faces-vae': facesVae,
  'fashion-vae': fashionVae,
  'frey-vae': freyVae,
  'glyphs-vae': glyphsVae,
  'glyphs-cgan': glyphsCgan,
  'mnist-dvae': mnistDvae,
  'fashion-dvae': fashionDvae,
  'mnist-halves': mnistHalves,
  'mnist-m2': mnistM2,
  'mnist-m2-warped': mnistM2Warped,
  'mnist-m1m2': mnistM1M2,
  'mnist-sgan': mnistSgan,
  'mnist-gan': mnistGan,
  'mnist-cgan': mnistCgan,
  'mnist-bigan': mnistBigan,
  'fashion-cgan': fashionCgan,
  'emoji-cgan': emojiCgan,
  'faces-gan': facesGan,
};

/** @throws Error that lists the recipes, when there is none of this name. */
export function recipeNamed(name: string): Stated {
  const recipe = RECIPES[name];
  if (recipe) return recipe;
  const names = Object.keys(RECIPES);
  const meant = nearest(name, names);
  throw new Error(
    `there is no recipe '${name}'; ${meant ? `did you mean ${meant}? ` : ''}the recipes are ${names.join(', ')}`,
  );
}
