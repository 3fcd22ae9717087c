// A latent direction that changes one attribute of a picture.

/**
 * A step along `vector` [latentDimensions] is one standard deviation of the attribute within a class; of a direction
 * from one label to another it is the whole way between their mean pictures.
 */
export type Direction = { name: string; meaning: string; vector: number[] };
