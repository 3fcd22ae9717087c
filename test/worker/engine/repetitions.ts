// How often a property is tried. The kernels are the same bytes in workerd as in Node, where they are tried in full.
const isWorkerd = globalThis.navigator?.userAgent === 'Cloudflare-Workers';

export const repetitions = (inNode: number): number => (isWorkerd ? Math.ceil(inNode / 4) : inNode);
