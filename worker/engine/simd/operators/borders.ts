// What of a convolution lies in the border of its input: pixels whose windows see the image through the same taps are
// computed together, and the zeros under the other taps are not multiplied.

/** Pixels `first` … `behind` − 1 along an axis, and the taps, by number, that see the image there. */
type Stretch = { first: number; behind: number; taps: readonly number[] };

export type Region = { down: Stretch; across: Stretch };

/** Along one axis: so many pixels, `stride` apart; where each tap looks; where the image begins and ends in its border. */
type Axis = { count: number; stride: number; taps: readonly number[]; inside: readonly [number, number] };

/** To look for stretches costs pixels × taps. */
const MAX_LOOKS = 10_000;
/** Each region is a call of the kernel with tables of its own. */
const MAX_REGIONS = 25;
/** Where less than this share is saved, regions do not pay. */
const WORTH = 0.04;

const whole = ({ count, taps }: Axis): Stretch => ({ first: 0, behind: count, taps: [...taps.keys()] });

function stretches(axis: Axis): Stretch[] {
  const { count, stride, taps, inside } = axis;
  if (count * taps.length > MAX_LOOKS) return [whole(axis)];
  const list: Stretch[] = [];
  for (let i = 0; i < count; i++) {
    const seen = [...taps.keys()].filter((tap) => {
      const at = stride * i + taps[tap]!;
      return at >= inside[0] && at < inside[1];
    });
    const last = list.at(-1);
    if (last && last.taps.join() === seen.join()) last.behind = i + 1;
    else list.push({ first: i, behind: i + 1, taps: seen });
  }
  return list;
}

/** Depends on sizes alone, and not on how many images there are. */
export function regionsOf(down: Axis, across: Axis): Region[] {
  const regions = stretches(down).flatMap((v) => stretches(across).map((h) => ({ down: v, across: h })));
  const length = ({ first, behind, taps }: Stretch) => (behind - first) * taps.length;
  const work = regions.reduce((sum, { down: v, across: h }) => sum + length(v) * length(h), 0);
  const all = length(whole(down)) * length(whole(across));
  const pays = regions.length <= MAX_REGIONS && work < (1 - WORTH) * all;
  return pays ? regions : [{ down: whole(down), across: whole(across) }];
}
