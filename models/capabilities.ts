// What a model can do, from what its package holds: the one place that says so.

export const CAPABILITIES = [
  'generate',
  'interpolate',
  'encode',
  'complete',
  'classify',
  'anomaly',
  'edit',
  'compress',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Graphs and sections of a card, which are there or not. */
type Held = {
  graphs: { decoder?: unknown; encoder?: unknown; completer?: unknown; classifier?: unknown };
  latent?: unknown;
  directions?: unknown;
  anomaly?: unknown;
  compression?: unknown;
};

/**
 * In the order of `CAPABILITIES`: `generate` and `interpolate` with a decoder of latents, `encode`, `complete` and
 * `classify` with the graph of each, `anomaly`, `edit` and `compress` with the section of each.
 */
export function capabilitiesOf({ graphs, latent, directions, anomaly, compression }: Held): Capability[] {
  const generates = graphs.decoder !== undefined && latent !== undefined;
  const able: Record<Capability, boolean> = {
    generate: generates,
    interpolate: generates,
    encode: graphs.encoder !== undefined,
    complete: graphs.completer !== undefined,
    classify: graphs.classifier !== undefined,
    anomaly: anomaly !== undefined,
    edit: directions !== undefined,
    compress: compression !== undefined,
  };
  return CAPABILITIES.filter((capability) => able[capability]);
}
