// Archives as they are published: npm packages, and sets of several files.
const BLOCK = 512;

/** The regular files of a tar archive by name (POSIX ustar; npm writes no longer names). */
export function readTar(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const text = (from: number, length: number) =>
    Buffer.from(bytes.subarray(from, from + length))
      .toString('utf8')
      .split('\0')[0]!;
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (!(at + BLOCK + size <= bytes.length))
      throw new Error(
        `tar: '${text(at, 100)}' has size ${size} at byte ${at} of ${bytes.length}: truncated or corrupt`,
      );
    const directory = text(at + 345, 155);
    const name = directory ? `${directory}/${text(at, 100)}` : text(at, 100);
    if (text(at + 156, 1) === '0' || bytes[at + 156] === 0)
      files.set(name, bytes.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
