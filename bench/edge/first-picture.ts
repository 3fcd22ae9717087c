// What a new process costs until it has answered its first request, a picture: processor time of all its threads.
import { median } from '../statistics.ts';
import { createSend } from './ask.ts';
import { startWorkerd } from './workerd.ts';

export const STARTS = 7;
const PICTURE = '/generate/mnist-vae@1.png?seed=a';

/** Milliseconds of processor time: medians of `start` and of the `first` request, and the `slowest` of those. */
export async function firstPicture(): Promise<{ start: number; first: number; slowest: number }> {
  const starts: number[] = [];
  const firsts: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const workerd = await startWorkerd({ dreamlet: 'worker/index.ts' }, 'dist');
    try {
      const start = workerd.processorTime();
      const status = await createSend(workerd.urls.dreamlet!, '')({ path: PICTURE });
      if (status !== 200) throw new Error(`costs: ${PICTURE} must be answered 200, was ${status}`);
      starts.push(start);
      firsts.push(workerd.processorTime() - start);
    } finally {
      await workerd.stop();
    }
  }
  return { start: median(starts), first: median(firsts), slowest: Math.max(...firsts) };
}
