// Pictures whose place in latent space is known: images by their posterior means, or what a generator draws.
import type { Tensor } from '@tensorflow/tfjs-core';
import { drawLatent } from '../../../core/latents/draw.ts';
import { drawnClass } from '../../../core/sampling/label.ts';
import { isDiscrete, latentSize } from '../../../models/latent.ts';
import type { Images } from '../../data/data-set.ts';
import { imageRows, labelRows } from '../../data/sources.ts';
import type { Tensors } from '../../model.ts';
import { type RowSource, rowsOf } from '../../runner/rows.ts';
import { densityOf, type Subject } from '../subject.ts';

export type Places = {
  count: number;
  latentDimensions: number;
  /** Class of each picture, so that it can be left alone; all 0 where none is known. */
  classes: Uint8Array;
  /** Pictures that follow each other in blocks of this many, where they do (`Images.block`). */
  block?: number;
  /** For people: where the places come from, and how many there are of what. */
  origin: string;
  split: string;
  /** What the functions below are fed. */
  sources: Record<string, RowSource>;
  /** Latents [batch, latentDimensions] and their pictures, 0…1 [batch, channels, height, width]. */
  at(params: Tensors, state: Tensors, inputs: Tensors): { z: Tensor; picture: Tensor };
  /** Pixel means 0…1 elsewhere, for rows of the same labels. */
  decode(params: Tensors, state: Tensors, z: Tensor, inputs: Tensors): Tensor;
};

/** Of a model with a density those of `images`; of one that only generates as many draws of `seed`; else nothing. */
export const placesOf = (subject: Subject, images: Images, seed: string): Places | undefined =>
  ofImages(subject, images) ?? ofSeed(subject, images.count, seed);

function ofImages(subject: Subject, images: Images): Places | undefined {
  const density = densityOf(subject)?.model;
  if (!density) return undefined;
  const { count, labels, block } = images;
  return {
    count,
    latentDimensions: density.latentDimensions,
    classes: labels ?? new Uint8Array(count),
    ...(block ? { block } : {}),
    origin: `the posterior mean of the grey image${density.classes ? ', given the label' : ''}`,
    split: `test, ${count} images`,
    sources: {
      x: imageRows(images),
      ...(density.classes ? { labels: labelRows(labels!, density.classes) } : {}),
    },
    at: (params, state, { x, labels: given }) => ({
      z: density.encode(params, state, x!, given).mean,
      picture: x!,
    }),
    decode: (params, state, z, { labels: given }) => density.decode(params, state, z, given),
  };
}

function ofSeed({ model }: Subject, count: number, seed: string): Places | undefined {
  const { latent, graphs, classes = 0 } = model;
  const { decoder } = graphs;
  if (!decoder || !latent || isDiscrete(latent)) return undefined;
  const J = latentSize(latent);
  const z = new Float32Array(count * J);
  for (let i = 0; i < count; i++) z.set(drawLatent(latent, seed, i), i * J);
  const labels = Uint8Array.from({ length: count }, (_, i) => drawnClass(seed, i, classes));
  const decode: Places['decode'] = (params, state, at, { label }) =>
    decoder.run(params, state, { z: at, ...(label ? { label } : {}) }).mean!;
  return {
    count,
    latentDimensions: J,
    classes: labels,
    origin: `the latents of the seed '${seed}'${classes > 0 ? ', labels in equal shares' : ''}`,
    split: `${count} generated images`,
    sources: { z: rowsOf(z, [J]), ...(classes > 0 ? { label: labelRows(labels, classes) } : {}) },
    at: (params, state, inputs) => ({
      z: inputs.z!,
      picture: decode(params, state, inputs.z!, inputs),
    }),
    decode,
  };
}
