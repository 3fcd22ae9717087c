// What a classifier says of edited faces, from the cell of the experiment.
import type { Row } from '../../../figures/table.ts';
import { type Cell, measured } from '../cells.ts';

/** A row for each edit. */
export const faceEditRows = (cells: Map<string, Cell>): Row[] =>
  [...cells.values()].flatMap((cell) =>
    Object.keys(cell.values).flatMap((name) => {
      const edit = name.match(/^(.*): rate$/)?.[1];
      if (edit === undefined) return [];
      const [faces, known] = cell.settings[`${edit}: test faces, known`] as number[];
      return {
        edit,
        strength: Number(cell.settings[`${edit}: strength`]),
        'test faces': faces!,
        'known when drawn again': known!,
        'of these called the other after the edit, %': measured(cell, `${edit}: rate`),
        'after one in any direction, %': measured(cell, `${edit}: rate, any direction`),
        'gain of its probability, points': measured(cell, `${edit}: gain`),
      };
    }),
  );

const KNOWN = ': known when drawn again';

export const faceEditNotes = (cells: Map<string, Cell>): string[] =>
  [...cells.values()].map((cell) => {
    const labels = Object.keys(cell.values).filter((name) => name.endsWith(KNOWN));
    const known = labels.map((name) => `${name.replace(KNOWN, '')} ${measured(cell, name)} %`).join(', ');
    return `The classifier is right about ${measured(cell, 'classifier right')} % of the clear test faces. Drawn again from the posterior mean and not edited, these are called what they are: ${known}.`;
  });
