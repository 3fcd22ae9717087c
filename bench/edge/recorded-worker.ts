// The worker, whose memories are noted.
import './record-memories.ts';

export { default } from '../../worker/index.ts';
