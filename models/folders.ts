// Where packages lie: those that ship, and an owner's own, in a folder that git ignores and no test counts.

export const SHIPPED = 'models';
export const OWN = 'models/own';

/** Own ones first: a name that both have means the owner's. */
export const FOLDERS: readonly string[] = [OWN, SHIPPED];
