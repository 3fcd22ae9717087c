// Codes: a byte of format and quality, two that name the model, and an arithmetic code of label and latents. FORMAT.md
// has all of it.

import type { CompressionCard } from '../../models/sections.ts';
import { Unreadable } from '../unreadable.ts';
import { bitsOf, createSlotReader, encodeSlots, type Slot, type SlotReader } from './arithmetic.ts';
import { dequantise, MAX_QUALITY, quantise, type Scale, scalesOf } from './quantise.ts';
import { MAX_BITS, readNumber, slotsOf } from './whole-numbers.ts';

const FORMAT = 1;
export const HEADER_BYTES = 3;

/** What a model needs to know of itself: its card's section, and how many classes it takes, if it does. */
export type Coder = { compression: CompressionCard; classes?: number | undefined };

/** What a code says. */
export type Content = { quality: number; latent: Float32Array<ArrayBuffer>; label?: number };

/** Labels are alike, up to what this many bits cannot divide. */
const LABEL_BITS = 16;

function labelSlot(label: number, classes: number): Slot {
  const start = Math.floor((label * 2 ** LABEL_BITS) / classes);
  const end = Math.floor(((label + 1) * 2 ** LABEL_BITS) / classes);
  return { start, frequency: end - start, bits: LABEL_BITS };
}

/** The label whose slot has the part `point` of 2^LABEL_BITS. */
const labelAt = (point: number, classes: number): number =>
  Math.floor(((point + 1) * classes - 1) / 2 ** LABEL_BITS);

const slotsOfAll = (
  numbers: readonly number[],
  scales: readonly Scale[],
  label: Slot | undefined,
): Slot[] => [...(label ? [label] : []), ...numbers.flatMap((k, j) => slotsOf(scales[j]!.table, k))];

/** The code of a model with this tag that says `slots`, and its information without the first three bytes. */
export function codeOf(
  tag: string,
  quality: number,
  slots: readonly Slot[],
): { code: Uint8Array<ArrayBuffer>; bits: number } {
  const payload = encodeSlots(slots);
  const code = new Uint8Array(HEADER_BYTES + payload.length);
  const number = Number.parseInt(tag, 16);
  code.set([16 * FORMAT + quality, number >> 8, number & 255]);
  code.set(payload, HEADER_BYTES);
  return { code, bits: slots.reduce((sum, one) => sum + bitsOf(one), 0) };
}

const damaged = () => new Unreadable('the code is damaged: no picture has it');

/**
 * A code that is read slot by slot; `close` is told of all of them, and refuses a code that is not theirs.
 * @throws Error when the code is longer than `mostBits` of information make it.
 */
export function openCode(
  code: Uint8Array,
  mostBits: number,
): { quality: number; reader: SlotReader; close(slots: readonly Slot[]): void } {
  const payload = code.subarray(HEADER_BYTES);
  // The information of all, and less than a byte.
  if (8 * (payload.length - 1) >= mostBits) throw damaged();
  return {
    quality: code[0]! & 15,
    reader: createSlotReader(payload),
    close(slots) {
      const own = encodeSlots(slots);
      if (own.length !== payload.length || own.some((byte, i) => byte !== payload[i])) throw damaged();
    },
  };
}

/** As `codeOf`, of a latent vector [J], with `label` for a model that takes one. */
export function writeCode(
  { compression, classes }: Coder,
  { quality, latent, label }: { quality: number; latent: Float32Array; label?: number | undefined },
): { code: Uint8Array<ArrayBuffer>; bits: number } {
  const scales = scalesOf(compression, quality);
  const slot = classes === undefined ? undefined : labelSlot(label!, classes);
  return codeOf(compression.tag, quality, slotsOfAll(quantise(latent, scales), scales, slot));
}

/** The tag of the model that a code is for. @throws Error naming the rule, for what is no code of this format. */
export function readTag(code: Uint8Array): string {
  if (code.length < HEADER_BYTES)
    throw new Unreadable(`a code has at least ${HEADER_BYTES} bytes, this one ${code.length}`);
  const [format, quality] = [code[0]! >> 4, code[0]! & 15];
  if (format !== FORMAT)
    throw new Unreadable(`codes of format ${FORMAT} can be read, this one is of ${format}`);
  if (quality < 1 || quality > MAX_QUALITY)
    throw new Unreadable(`the quality of a code is 1 to ${MAX_QUALITY}, that of this one ${quality}`);
  return (256 * code[1]! + code[2]!).toString(16).padStart(4, '0');
}

/** What a code says, whose tag is that of the model. @throws Error when no picture has this code, of which it is the shortest. */
export function readCode({ compression, classes }: Coder, code: Uint8Array): Content {
  const { quality, reader, close } = openCode(code, LABEL_BITS + MAX_BITS * compression.centres.length);
  const scales = scalesOf(compression, quality);
  const label = classes === undefined ? undefined : labelAt(reader.peek(LABEL_BITS), classes);
  const slot = label === undefined ? undefined : labelSlot(label, classes!);
  if (slot) reader.take(slot);
  const numbers = scales.map(({ table }) => {
    const k = readNumber(reader, table);
    if (k === undefined) throw damaged();
    return k;
  });
  close(slotsOfAll(numbers, scales, slot));
  return { quality, latent: dequantise(numbers, scales), ...(label === undefined ? {} : { label }) };
}
