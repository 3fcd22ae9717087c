// What a model may be used for, by the terms of the pictures it learnt from: what machines read of the card's `terms`.
import * as z from 'zod';

/** `unknown`: nobody has said, which is not a permission. */
export const USES = ['commercial', 'research', 'unknown'] as const;
export type Use = (typeof USES)[number];

export const useSchema = {
  use: z.enum(USES),
  /** SPDX expression of the licence, where there is one. */
  licence: z
    .string()
    .regex(/^[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*$/)
    .optional(),
};

/** Whether it may stand on anybody's page. */
export const isFree = ({ dataset }: { dataset: { use: Use } }): boolean => dataset.use === 'commercial';
