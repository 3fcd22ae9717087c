// Repetitions in a window of 32 KiB, as deflate names them (RFC 1951): runs, repetitions of the line above, hash
// chains for the rest; lazy matching, where a match gives way to a longer one that begins a byte later.

const WINDOW = 32768;
const MAX_MATCH = 258;
/** Bytes that a hash covers. Deflate allows three, but far away fewer than five cost more than their literals. */
const HASHED = 5;
/** Earlier places that are looked at for one match. */
const CHAIN = 8;
/** A match of so many bytes is good enough: nothing longer is looked for. */
const GOOD_MATCH = 64;

const HASH_BITS = 15;
/** Short data use a part of the table that stays in the nearest cache. */
const SHORT_BYTES = 4096;
const SHORT_HASH_BITS = 11;

/** Hash → the latest place that has it; place → the one before it with the same hash. */
const heads = new Int32Array(1 << HASH_BITS);
const previous = new Int32Array(WINDOW);
/** Places count on from one call to the next, so that those of earlier calls are known by being too small. */
let nextPlace = WINDOW;
const MAX_PLACE = 0x3fffffff;

/** Tokens of one block: a literal is its byte, a match is `length << 16 | distance`. */
export const tokens = new Uint32Array(16384);

/** Where repetitions are looked for, besides runs. */
export type Search = {
  /** A distance at which they are likely, such as that of two lines; 0 for none. */
  stride: number;
  /** In the whole window: for data whose bytes are costly to spell out one by one. */
  far: boolean;
};

/** Begins with data of `length` bytes. Returns the place of the first, for `readTokens`. */
export function openWindow(length: number): number {
  if (nextPlace + length + WINDOW > MAX_PLACE) {
    heads.fill(0);
    nextPlace = WINDOW;
  }
  const place = nextPlace;
  nextPlace += length + WINDOW;
  return place;
}

const hashOf = (word: number, fifth: number, shift: number): number =>
  Math.imul(word ^ Math.imul(fifth, 0x85ebca6b), 0x9e3779b1) >>> shift;

/** Number of equal bytes from `a` and from `b`, of which the first `equal` are known, at most `most`. */
function extend(data: Uint8Array, a: number, b: number, equal: number, most: number): number {
  let k = equal;
  while (k < most && data[a + k] === data[b + k]) k++;
  return k;
}

/**
 * Fills `tokens` from `data[from]` on; `first` is the place of `data[0]`. Returns the number of tokens and where they
 * end.
 */
export function readTokens(
  data: Uint8Array,
  from: number,
  first: number,
  { stride, far }: Search,
): { count: number; end: number } {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const shift = 32 - (data.length < SHORT_BYTES ? SHORT_HASH_BITS : HASH_BITS);
  const lastStart = data.length - HASHED;
  const room = tokens.length - 1;
  let count = 0;
  let i = from;
  // The match that begins at i − 1 and waits; none when its length is 0.
  let waiting = 0;
  let waitingDistance = 0;
  while (i <= lastStart && count < room) {
    const word = view.getInt32(i, true);
    let candidate = -1;
    if (far) {
      const hash = hashOf(word, data[i + 4]!, shift);
      candidate = heads[hash]! - first;
      heads[hash] = first + i;
      previous[i & (WINDOW - 1)] = first + candidate;
    }

    let length = waiting;
    let distance = 0;
    if (waiting < GOOD_MATCH && waitingDistance !== 1) {
      const most = Math.min(MAX_MATCH, data.length - i);
      if (stride > 0 && i >= stride && view.getInt32(i - stride, true) === word) {
        const equal = extend(data, i - stride, i, 4, most);
        if (equal > length) {
          length = equal;
          distance = stride;
        }
      }
      if (i > 0 && ((view.getInt32(i - 1, true) ^ word) & 0xffffff) === 0) {
        const equal = extend(data, i - 1, i, 3, most);
        if (equal > length) {
          length = equal;
          distance = 1;
        }
      }
      // A run is taken as it is, and nothing waits for it.
      if (distance !== 1) {
        const oldest = Math.max(0, i - WINDOW + 1);
        let longest = Math.max(length, HASHED - 1);
        for (let chain = CHAIN; candidate >= oldest && chain > 0; chain--) {
          if (view.getInt32(candidate, true) !== word) break;
          if (data[candidate + longest] === data[i + longest]) {
            const equal = extend(data, candidate, i, 4, most);
            if (equal > longest) {
              longest = equal;
              length = equal;
              distance = i - candidate;
              if (equal >= GOOD_MATCH || equal === most) break;
            }
          }
          candidate = previous[candidate & (WINDOW - 1)]! - first;
        }
      }
    }

    if (distance > 0) {
      if (waiting > 0) tokens[count++] = data[i - 1]!;
      waiting = length;
      waitingDistance = distance;
      i++;
    } else if (waiting > 0) {
      tokens[count++] = (waiting << 16) | waitingDistance;
      const end = i - 1 + waiting;
      const stop = Math.min(end, lastStart + 1);
      // Inside a run all places look alike: only those that see its end are worth remembering.
      for (i = waitingDistance === 1 ? Math.max(i + 1, end - HASHED + 1) : i + 1; far && i < stop; i++) {
        const slot = hashOf(view.getInt32(i, true), data[i + 4]!, shift);
        previous[i & (WINDOW - 1)] = heads[slot]!;
        heads[slot] = first + i;
      }
      i = end;
      waiting = 0;
      waitingDistance = 0;
    } else {
      tokens[count++] = data[i]!;
      i++;
    }
  }
  if (waiting > 0) {
    tokens[count++] = (waiting << 16) | waitingDistance;
    i += waiting - 1;
  }
  while (i > lastStart && i < data.length && count < tokens.length) tokens[count++] = data[i++]!;
  return { count, end: i };
}
