// When a generator is said to have collapsed, or not to have learned yet: one rule for runs, games, exports and reports.

/** Share of real images within the manifold of generated ones, below which hardly any kind of image is drawn. */
const LEAST_RECALL = 0.01;

/**
 * What is wrong with a generator whose images recall this share, 0…1, of the real ones; nothing where nothing is, or
 * where it was not measured. Spread does not tell: images of few kinds can lie as far apart as the kinds do.
 */
export const collapse = (recall: number | undefined): string | undefined =>
  recall !== undefined && recall < LEAST_RECALL
    ? `generated images recall ${Number((100 * recall).toFixed(2))} % of real ones, less than ${100 * LEAST_RECALL} %: collapsed, or not learned yet`
    : undefined;
