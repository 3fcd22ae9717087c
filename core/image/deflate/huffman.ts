// Length-limited prefix codes as deflate wants them: Moffat & Katajainen (1995), in place on sorted weights, and
// canonical codes by length (RFC 1951, 3.2.2).

/** Of each symbol: the length of its code, 0 for none; and, lowest bit first, `code << 4 | length`. */
export type Code = { lengths: Uint8Array; codes: Uint32Array };

export const createCode = (symbols: number): Code => ({
  lengths: new Uint8Array(symbols),
  codes: new Uint32Array(symbols),
});

const MAX_SYMBOLS = 288;
const MAX_BITS = 15;

/** Weights, and then depths, of the symbols of `order`. */
const work = new Int32Array(MAX_SYMBOLS);
const order = new Uint16Array(MAX_SYMBOLS);
const swapped = new Uint16Array(MAX_SYMBOLS);
const places = new Int32Array(256);
/** Number of codes of each length. */
const counts = new Int32Array(MAX_BITS + 2);

/** Orders the first `used` entries of `order` by frequency, then by symbol: a radix sort, byte by byte. */
function sortByFrequency(frequencies: Uint32Array, used: number, most: number): Uint16Array {
  let [from, to] = [order, swapped];
  for (let shift = 0; most >>> shift > 0; shift += 8) {
    const size = Math.min(256, (most >>> shift) + 1);
    places.fill(0, 0, size);
    for (let i = 0; i < used; i++) places[(frequencies[from[i]!]! >>> shift) & 0xff]!++;
    for (let i = 0, sum = 0; i < size; i++) {
      const count = places[i]!;
      places[i] = sum;
      sum += count;
    }
    for (let i = 0; i < used; i++) {
      const symbol = from[i]!;
      to[places[(frequencies[symbol]! >>> shift) & 0xff]!++] = symbol;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Replaces `n` ascending weights in `a` by the depths of their leaves in a Huffman tree, deepest first. */
function weightsToDepths(a: Int32Array, n: number): void {
  // Parents: a[i] becomes the weight, later the parent, of inner node i.
  a[0]! += a[1]!;
  let root = 0;
  let leaf = 2;
  for (let next = 1; next < n - 1; next++) {
    let sum = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= n || (root < next && a[root]! < a[leaf]!)) {
        sum += a[root]!;
        a[root++] = next;
      } else sum += a[leaf++]!;
    }
    a[next] = sum;
  }
  // Depths of the inner nodes.
  a[n - 2] = 0;
  for (let next = n - 3; next >= 0; next--) a[next] = a[a[next]!]! + 1;
  // Depths of the leaves: what a level offers less its inner nodes.
  let available = 1;
  root = n - 2;
  let next = n - 1;
  for (let depth = 0; available > 0; depth++) {
    let inner = 0;
    while (root >= 0 && a[root] === depth) {
      inner++;
      root--;
    }
    for (; available > inner; available--) a[next--] = depth;
    available = 2 * inner;
  }
}

/**
 * Code lengths of at most `limit` bits into `lengths`, 0 for a symbol that does not occur; a lone symbol gets one
 * bit. Returns the number of symbols up to the last that occurs.
 */
export function codeLengths(frequencies: Uint32Array, limit: number, lengths: Uint8Array): number {
  const n = frequencies.length;
  lengths.fill(0);
  let used = 0;
  let most = 0;
  for (let symbol = 0; symbol < n; symbol++) {
    const frequency = frequencies[symbol]!;
    if (frequency === 0) continue;
    order[used++] = symbol;
    if (frequency > most) most = frequency;
  }
  if (used === 0) return 0;
  const end = order[used - 1]! + 1;
  if (used === 1) {
    lengths[end - 1] = 1;
    return end;
  }
  const sorted = sortByFrequency(frequencies, used, most);
  for (let i = 0; i < used; i++) work[i] = frequencies[sorted[i]!]!;
  weightsToDepths(work, used);
  counts.fill(0);
  let kraft = 0; // in units of 2^−limit
  for (let i = 0; i < used; i++) {
    const depth = Math.min(work[i]!, limit);
    counts[depth]!++;
    kraft += 1 << (limit - depth);
  }
  // Codes that were cut short are paid for by lengthening the longest of the others.
  for (; kraft > 1 << limit; kraft--) {
    let depth = limit - 1;
    while (counts[depth] === 0) depth--;
    counts[depth]!--;
    counts[depth + 1]! += 2;
    counts[limit]!--;
  }
  for (let depth = limit, i = 0; depth > 0; depth--)
    for (let k = counts[depth]!; k > 0; k--) lengths[sorted[i++]!] = depth;
  return end;
}

const next = new Int32Array(MAX_BITS + 1);

/** The canonical codes of the first `n` symbols, from their lengths. */
export function canonicalCodes({ lengths, codes }: Code, n: number): void {
  next.fill(0);
  for (let symbol = 0; symbol < n; symbol++) next[lengths[symbol]!]!++;
  next[0] = 0;
  for (let bits = 1, code = 0, before = 0; bits <= MAX_BITS; bits++) {
    code = (code + before) << 1;
    before = next[bits]!;
    next[bits] = code;
  }
  for (let symbol = 0; symbol < n; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    let code = next[length]!++;
    // Reverses 16 bits, then drops the ones below the code.
    code = ((code & 0x5555) << 1) | ((code >>> 1) & 0x5555);
    code = ((code & 0x3333) << 2) | ((code >>> 2) & 0x3333);
    code = ((code & 0x0f0f) << 4) | ((code >>> 4) & 0x0f0f);
    code = ((code & 0x00ff) << 8) | (code >>> 8);
    codes[symbol] = ((code >>> (16 - length)) << 4) | length;
  }
}

/** Bits of all symbols together. */
export function bitsOf(frequencies: Uint32Array, bits: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < frequencies.length; i++) sum += frequencies[i]! * bits[i]!;
  return sum;
}
