// What models of each data set may be used for, and the SPDX identifier of its licence: for cards, which people and
// `npm run deploy` go by.
import type { Use } from '../../models/use.ts';
import type { DataSetId } from './registry.ts';

type Terms = { use: Use; licence?: string };

const USES: Record<DataSetId, Terms> = {
  mnist: { use: 'commercial', licence: 'CC-BY-SA-3.0' },
  'fashion-mnist': { use: 'commercial', licence: 'MIT' },
  'mnist-binarized': { use: 'unknown' },
  'frey-face': { use: 'unknown' },
  fer: { use: 'research' },
  olivetti: { use: 'unknown' },
  cifar10: { use: 'unknown' },
  emoji: { use: 'commercial', licence: 'Apache-2.0 AND MIT AND CC-BY-4.0' },
  'emoji-people': { use: 'commercial', licence: 'Apache-2.0 AND MIT AND CC-BY-4.0' },
  'emoji-48': { use: 'commercial', licence: 'Apache-2.0 AND MIT AND CC-BY-4.0' },
  glyphs: { use: 'commercial', licence: 'MIT' },
};

/** Of a data set by its id; of one that is not in the registry nobody here knows. */
export const useOf = (id: string): Terms => USES[id as DataSetId] ?? { use: 'unknown' };

/** Whether single images of a set may be published with their attribution: those of a set whose licence is known. */
export const mayBePassedOn = (id: string): boolean => useOf(id).licence !== undefined;
