// A picture in memory.

/** 8-bit pixels, row-major from the top left, channels last. */
export type Image = { width: number; height: number; channels: 1 | 3; pixels: Uint8Array };

/** The same with transparency: grey, grey and alpha, RGB, RGB and alpha. */
export type Raster = { width: number; height: number; channels: 1 | 2 | 3 | 4; pixels: Uint8Array };
