/** Parts of a picture that a completer can be given, by the half that is known. */
export const MASKS = ['upper', 'lower', 'left', 'right'] as const;

export type Mask = (typeof MASKS)[number];
