// Where buffers lie: each keeps its place from its first use to its last, then the place is used again.
import type { Instruction } from './instruction.ts';
import type { Buffer } from './value.ts';

/** Buffers begin at multiples of this, and kernels may read or write up to the next one. */
export const ALIGNMENT = 32;

export const bytesOf = ({ elements }: Buffer): number =>
  Math.ceil((4 * Math.max(1, elements)) / ALIGNMENT) * ALIGNMENT;

type Gap = { at: number; bytes: number };

/** Free places in ascending order, the last without end; neighbours are joined. */
export function createGaps() {
  const gaps: Gap[] = [{ at: 0, bytes: Number.POSITIVE_INFINITY }];
  return {
    /** The smallest place that is large enough. */
    take(bytes: number): number {
      let best = -1;
      gaps.forEach((gap, i) => {
        if (gap.bytes >= bytes && (best < 0 || gap.bytes < gaps[best]!.bytes)) best = i;
      });
      const gap = gaps[best]!;
      const { at } = gap;
      if (gap.bytes === bytes) gaps.splice(best, 1);
      else Object.assign(gap, { at: at + bytes, bytes: gap.bytes - bytes });
      return at;
    },
    give(at: number, bytes: number): void {
      const next = gaps.findIndex((gap) => gap.at > at);
      gaps.splice(next, 0, { at, bytes });
      for (const i of [next, next - 1]) {
        const [gap, after] = [gaps[i], gaps[i + 1]];
        if (!gap || !after || gap.at + gap.bytes !== after.at) continue;
        gap.bytes += after.bytes;
        gaps.splice(i + 1, 1);
      }
    },
  };
}

/**
 * Offsets in bytes for every buffer that `belongs` here. `before` are there when the first instruction runs, `after`
 * must still be there when the last has run. @returns the offsets and the bytes they take.
 */
export function placeBuffers(
  instructions: readonly Instruction[],
  belongs: (buffer: Buffer) => boolean,
  before: readonly Buffer[],
  after: readonly Buffer[],
): { offsets: Map<Buffer, number>; bytes: number } {
  const lastUse = new Map<Buffer, number>();
  instructions.forEach(({ reads, writes }, i) => {
    for (const buffer of [...reads, ...writes]) if (belongs(buffer)) lastUse.set(buffer, i);
  });
  for (const buffer of after) if (belongs(buffer)) lastUse.set(buffer, instructions.length);

  const offsets = new Map<Buffer, number>();
  const gaps = createGaps();
  let bytes = 0;
  const place = (buffer: Buffer, at: number): void => {
    offsets.set(buffer, at);
    bytes = Math.max(bytes, at + bytesOf(buffer));
  };
  for (const buffer of before) place(buffer, gaps.take(bytesOf(buffer)));
  // A buffer that nobody reads is free again at once, but only after all inputs have their places.
  for (const buffer of before) if (!lastUse.has(buffer)) lastUse.set(buffer, -1);

  instructions.forEach(({ reads, writes, inPlace }, i) => {
    const taken = new Set<Buffer>();
    for (const buffer of writes) {
      if (!belongs(buffer) || offsets.has(buffer)) continue;
      const reuse = inPlace && buffer === writes[0] && lastUse.get(inPlace) === i && offsets.get(inPlace);
      if (inPlace && reuse !== undefined && reuse !== false && bytesOf(inPlace) === bytesOf(buffer)) {
        taken.add(inPlace);
        place(buffer, reuse as number);
      } else place(buffer, gaps.take(bytesOf(buffer)));
    }
    for (const buffer of new Set([...reads, ...writes]))
      if (lastUse.get(buffer) === i && !taken.has(buffer)) gaps.give(offsets.get(buffer)!, bytesOf(buffer));
  });
  return { offsets, bytes };
}
