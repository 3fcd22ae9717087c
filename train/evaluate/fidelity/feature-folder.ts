// Where the classifiers are kept that distances are measured by.
import { join } from 'node:path';
import { cacheFolder } from '../../data/files.ts';

export const featureFolder = (): string => join(cacheFolder(), 'features');
