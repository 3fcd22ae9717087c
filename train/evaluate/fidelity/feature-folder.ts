// Where the classifiers are kept that distances are measured by.
import { join } from 'node:path';

export const FEATURES = join('runs', 'features');
