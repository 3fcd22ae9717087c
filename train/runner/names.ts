// Graphs and files have flat names: { params: { w } } is 'params/w' there.

export const prefix = <T>(name: string, entries: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [`${name}/${key}`, value]));

/** The entries under `name/`, without it. */
export const group = <T>(flat: Record<string, T>, name: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(flat)
      .filter(([key]) => key.startsWith(`${name}/`))
      .map(([key, value]) => [key.slice(name.length + 1), value]),
  );

/** The entries under `name/`, with their whole names: the parameters of one network; all of them for ''. */
export const within = <T>(flat: Record<string, T>, name: string): Record<string, T> =>
  name === '' ? flat : Object.fromEntries(Object.entries(flat).filter(([key]) => key.startsWith(`${name}/`)));

/** The shapes of tensors by name. */
export const shapesOf = (tensors: Record<string, { shape: number[] }>): Record<string, number[]> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
