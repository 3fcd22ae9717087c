// Numbers as they are printed, with a true minus sign and grouped digits. Nothing is judged from what is printed.
import type { Point } from './chart.ts';
import { type Share, wilson } from './share.ts';

const MINUS = '−';
const NARROW_SPACE = '\u202f';
const FIXED_SPACE = '\u00a0';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A measurement, with its standard error where it is known. */
export type Quantity = { value: number; standardError?: number };

/** Before the index of a symbol: `N_z = 3` splits into its parts, of which every second one is an index. */
export const INDEX = /(?<=\bN)_(\w+)/;

/** No value. */
export const DASH = '–';

export const withMinus = (text: string): string => text.replace(/(?<=^|\s)-(?=\d)/g, MINUS);

/** `316 200`, `10.8` */
export const formatCount = (count: number): string =>
  String(count).replace(/\B(?=(\d{3})+(?=\.|$))/g, NARROW_SPACE);

/** Text with the integers of five digits and more in it grouped. */
export const withGroups = (text: string): string =>
  text.replace(/(?<![\d.])\d{5,}(?!\.?\d)/g, (digits) => formatCount(Number(digits)));

/** With `decimals` digits after the point; without, an integer as it is and others with three digits that say something. */
export function formatNumber(value: number, decimals?: number): string {
  const size = Math.abs(value);
  const digits = decimals ?? (Number.isInteger(value) ? 0 : size >= 100 ? 0 : size >= 10 ? 1 : 2);
  const text = value.toFixed(digits);
  // What rounds to nothing has no sign.
  const sign = Number(text) < 0 ? MINUS : '';
  return sign + text.replace('-', '').replace(/^\d{5,}/, (whole) => formatCount(Number(whole)));
}

/** `−142.27 ± 2.25`, or without the error where it is not known; an error too small to print is said to be so. */
export function formatQuantity({ value, standardError: error }: Quantity, decimals = 2): string {
  if (error === undefined) return formatNumber(value, decimals);
  const least = 10 ** -decimals;
  const shown =
    error > 0 && error < least / 2 ? `<${least.toFixed(decimals)}` : formatNumber(error, decimals);
  return `${formatNumber(value, decimals)} ±${FIXED_SPACE}${shown}`;
}

/** `85.3 % (82.6–87.6)`: the share with its 95 % interval, in as many digits as tell the ends of that apart. */
export function formatShare(share: Share): string {
  const ends = wilson(share).map((end) => 100 * end) as [number, number];
  const blurred = (digits: number) =>
    ends[0].toFixed(digits) === ends[1].toFixed(digits) ||
    ends.some((end) => end % 100 !== 0 && Number(end.toFixed(digits)) % 100 === 0);
  const digits = [1, 2, 3].find((candidate) => !blurred(candidate)) ?? 4;
  const [value, low, high] = [(100 * share.count) / share.of, ...ends].map((part) => part.toFixed(digits));
  return `${value}${FIXED_SPACE}% (${low}–${high})`;
}

/** As `formatQuantity`; a dash for no value. */
export const formatPoint = (point: Point | undefined): string =>
  point
    ? formatQuantity({
        value: point[1],
        ...(point[2] === undefined ? {} : { standardError: point[2] }),
      })
    : DASH;

/** `10⁵`; small powers in full. `power` ≥ 0. */
export const powerOfTen = (power: number): string =>
  power < 4
    ? String(10 ** power)
    : `10${[...String(power)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')}`;
