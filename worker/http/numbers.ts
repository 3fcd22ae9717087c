// Arrays of numbers in bodies, and rows of them. Their first fault alone is reported: there may be a hundred thousand.
import * as z from 'zod';

export type Bounds = {
  low: number;
  high: number;
  whole?: boolean;
  /** How many. */
  least?: number;
  most?: number;
};

const isWithin = (value: unknown, { low, high, whole }: Bounds): boolean =>
  typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));

/** What is wrong, and where; nothing for an array of numbers within the bounds. */
function faultOf(values: unknown, bounds: Bounds): { message: string; path: number[] } | undefined {
  const { low, high, whole = false, least = 0, most = Number.POSITIVE_INFINITY } = bounds;
  if (!Array.isArray(values))
    return { message: `must be an array of numbers from ${low} to ${high}`, path: [] };
  if (values.length < least || values.length > most)
    return { message: `must have ${least} to ${most} numbers, has ${values.length}`, path: [] };
  const wrong = values.findIndex((value) => !isWithin(value, bounds));
  if (wrong < 0) return undefined;
  return { message: `must be a ${whole ? 'whole ' : ''}number from ${low} to ${high}`, path: [wrong] };
}

const described = ({ low, high, whole, least, most }: Bounds) => ({
  type: 'array' as const,
  items: { type: whole ? ('integer' as const) : ('number' as const), minimum: low, maximum: high },
  ...(least === undefined ? {} : { minItems: least }),
  ...(most === undefined ? {} : { maxItems: most }),
});

type Fault = { code: 'custom'; message: string; path: number[] };
const fault = (found: { message: string; path: number[] }): Fault => ({ code: 'custom', ...found });

export const numbers = (bounds: Bounds) =>
  z
    .custom<number[]>()
    .superRefine((values, context) => {
      const found = faultOf(values, bounds);
      if (found) context.addIssue(fault(found));
    })
    .meta(described(bounds));

/** At most `count` rows of numbers, and at least `least`. */
export const rowsOfNumbers = (bounds: Bounds, { least = 0, most }: { least?: number; most: number }) =>
  z
    .custom<number[][]>()
    .superRefine((rows, context) => {
      if (!Array.isArray(rows))
        return context.addIssue(fault({ message: 'must be an array of arrays', path: [] }));
      if (rows.length < least || rows.length > most)
        return context.addIssue(
          fault({ message: `must have ${least} to ${most} rows, has ${rows.length}`, path: [] }),
        );
      for (const [i, row] of rows.entries()) {
        const found = faultOf(row, bounds);
        if (found) return context.addIssue(fault({ ...found, path: [i, ...found.path] }));
      }
    })
    .meta({ type: 'array', items: described(bounds), minItems: least, maxItems: most });
