/** `mnist-vae`: lower-case words joined by hyphens. */
export const MODEL_ID_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;
