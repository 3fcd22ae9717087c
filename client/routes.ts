// Written by `npm run build:client` from the OpenAPI document; changes here are lost.

import type {
  Anomaly,
  Classes,
  Code,
  CodeBody,
  Completions,
  Decompressed,
  Document,
  Edited,
  Health,
  Images,
  Latents,
  Model,
  Models,
  OEmbed,
  Path,
  Pixels,
  Posterior,
  Samples,
} from './schemas.ts';

/** What each route answers in JSON. */
export type Answers = {
  /** New samples from a model */ '/generate': Samples;
  /** New samples in a size, under an address for <img> */
  '/generate/{id}/{sized}': Samples;
  /** The path between two seeds */
  '/interpolate': Path;
  /** Latents or codes in, images out */
  '/decode': Images;
  /** Image in; posterior mean and log-variance, or code and logits, out */
  '/encode': Posterior;
  /** Image in, its reconstruction out */
  '/reconstruct': Images;
  /** An image of which a half is known in, sampled completions out */
  '/complete': Completions;
  /** Image in, class probabilities out */
  '/classify': Classes;
  /** Image or seed in, moved along named latent directions */
  '/edit': Edited;
  /** Image in; its bound in nats, percentiles among usual images, and a verdict out */
  '/anomaly': Anomaly;
  /** Image in, short code out */
  '/compress': Code;
  /** Short code in, image out */
  '/decompress': Decompressed;
  /** All model cards, or the page of all models */
  '/models': Models;
  /** One model card, or the page of the model */
  '/models/{id}': Model;
  /** oEmbed 1.0 answer for an address of /generate, /embed or the first page */
  '/oembed': OEmbed;
  /** This reference for machines: OpenAPI 3.1 */
  '/openapi.json': Document;
  /** Liveness, versions, engine */
  '/healthz': Health;
};

/** What each route takes in JSON. */
export type Bodies = {
  /** Latents or codes in, images out */ '/decode': Latents;
  /** Image in; posterior mean and log-variance, or code and logits, out */
  '/encode': Pixels;
  /** Image in, its reconstruction out */
  '/reconstruct': Pixels;
  /** An image of which a half is known in, sampled completions out */
  '/complete': Pixels;
  /** Image in, class probabilities out */
  '/classify': Pixels;
  /** Image or seed in, moved along named latent directions */
  '/edit': Pixels;
  /** Image in; its bound in nats, percentiles among usual images, and a verdict out */
  '/anomaly': Pixels;
  /** Image in, short code out */
  '/compress': Pixels;
  /** Short code in, image out */
  '/decompress': CodeBody;
};
