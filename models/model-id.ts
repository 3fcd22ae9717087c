/** `mnist-vae`: lower-case words joined by hyphens. */
export const MODEL_ID_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A model in one word, as addresses name it. */
export const nameOf = ({ id, version }: { id: string; version: number }): string => `${id}@${version}`;
