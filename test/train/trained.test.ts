// How many images the weights of a package have seen.
import { expect, test } from 'vitest';
import { readCard } from '../../train/evaluate/read-card.ts';
import { samplesSeen } from '../../train/experiments/trained.ts';

/** MNIST, by how many of its 60 000 training images are held out. */
const load = async (_: string, validation: number) => ({ train: { count: 60_000 - validation } });

test('images seen are those that the recipe did not hold out, and those of the package that it went on from', async () => {
  const went = readCard('models/mnist-rows@2');
  expect(await samplesSeen(went, load)).toBe(40 * 58_000);
  expect(await samplesSeen(readCard('models/mnist-cgan@1'), load)).toBe(8 * 55_000);
  const { epochsBefore: _, ...own } = went.training;
  const from = (name: string) => ({
    ...went,
    training: { ...own, settings: { ...own.settings, from: name } },
  });
  expect(await samplesSeen(from('mnist-cgan@1'), load)).toBe(20 * 58_000 + 8 * 55_000);
  await expect(samplesSeen(from('digits'), load)).rejects.toThrow(
    'mnist-rows@2: went on from digits, which is no package here',
  );
});
