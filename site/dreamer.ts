// Where pictures come from: the worker (edge.ts) or this browser (on-device.ts). Both speak in latents and images.
import type { Judgement } from '../core/anomaly/judge.ts';
import type { Image } from '../core/image/image.ts';
import type { Able, SymbolCompressor } from '../models/able.ts';
import type { Mask } from '../models/masks.ts';

export type Dreamer = {
  /** The latent of image 0 of each seed, as graph input. */
  draw(card: Able<'generate'>, seeds: readonly string[], temperature: number): Promise<Float32Array[]>;
  /** One image for each latent vector; `labels` are the weights [classes] of each, where the model takes them. */
  decode(
    card: Able<'generate'>,
    latents: readonly Float32Array[],
    labels: readonly Float32Array[] | undefined,
  ): Promise<Image[]>;
  /**
   * What a decoder takes for an image [channels · height · width] in 0…1: its posterior mean, or likeliest code. Where
   * the model takes a label: that of the class `label`, else of the likeliest, which comes back.
   */
  encode(
    card: Able<'encode'>,
    x: Float32Array,
    label: number | undefined,
  ): Promise<{ latent: Float32Array; label?: number }>;
  /** Whether the model has seen images like this one; `label` as for `encode`. */
  judge(card: Able<'anomaly'>, x: Float32Array, label: number | undefined): Promise<Judgement>;
  /** Probabilities [classes] of an image. */
  classify(card: Able<'classify'>, x: Float32Array): Promise<Float32Array>;
  /** The code of an image by a model of symbols, whose prior it takes to write and to read one. */
  writeSymbols(card: SymbolCompressor, x: Float32Array, quality: number): Promise<Uint8Array>;
  /** The latent that such a code says. @throws Error in words, for what is no code of the model. */
  readSymbols(card: SymbolCompressor, code: Uint8Array): Promise<Float32Array>;
  /** Completions 0 … `count` − 1 of a seed, of an image of which `mask` is known. */
  complete(
    card: Able<'complete'>,
    x: Float32Array,
    mask: Mask,
    of: { seed: string; count: number },
  ): Promise<Image[]>;
};

/** Is told how long it took to decode so many pictures. */
export type OnDecode = (milliseconds: number, pictures: number) => void;
