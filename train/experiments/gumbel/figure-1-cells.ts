// What the cell of Figure 1 of Jang, Gu & Poole 2017 holds, by name.

/** Temperatures of the paper's bars. */
export const PAPER_TEMPERATURES = [0.1, 0.5, 1, 10];
/** Samples that are drawn one by one. */
export const DRAWN = [0, 1, 2];

export const nameOfMean = (temperature: number, category: number): string =>
  `category ${category + 1} at ${temperature}`;
export const nameOfSample = (sample: number, category: number): string =>
  `sample ${sample + 1}, category ${category + 1}`;
