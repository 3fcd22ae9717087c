// Numbers as they are printed on figures, with a true minus sign and grouped digits.
import type { Point } from './chart.ts';

const MINUS = '−';
const NARROW_SPACE = '\u202f';
const FIXED_SPACE = '\u00a0';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Before the index of a symbol: `N_z = 3` splits into its parts, of which every second one is an index. */
export const INDEX = /(?<=\bN)_(\w+)/;

export const withMinus = (text: string): string => text.replace(/(?<=^|\s)-(?=\d)/g, MINUS);

/** `−142.27 ± 2.25`, or without the error where it is not known. A dash for no value. */
export function formatPoint(point: Point | undefined): string {
  if (!point) return '–';
  const [, value, error] = point;
  return `${withMinus(value.toFixed(2))}${error === undefined ? '' : ` ±${FIXED_SPACE}${error.toFixed(2)}`}`;
}

/** `316 200`, `10.8` */
export const formatCount = (count: number): string =>
  String(count).replace(/\B(?=(\d{3})+(?=\.|$))/g, NARROW_SPACE);

/** Text with the integers of five digits and more in it grouped. */
export const withGroups = (text: string): string =>
  text.replace(/(?<![\d.])\d{5,}(?!\.?\d)/g, (digits) => formatCount(Number(digits)));

/** `10⁵`; small powers in full. `power` ≥ 0. */
export const powerOfTen = (power: number): string =>
  power < 4
    ? String(10 ** power)
    : `10${[...String(power)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')}`;
