// The benchmark of backends, at next to no effort: what is there is measured and compared, what is not is named.
import { expect, test } from 'vitest';
import { gpu } from '../../bench/gpu.ts';

test('every backend is measured at each step, or named as not there', { timeout: 120_000 }, async () => {
  const { rows } = await gpu({ effort: { parity: 2, rounds: 1, steps: 1, batchSize: 2 } });
  const steps = ['mnist-vae', 'faces-vae', 'mnist-gan', 'mnist-cgan'];
  for (const backend of ['cpu', 'webgpu', 'cuda']) {
    const own = rows.filter((row) => row.backend === backend);
    if (own[0]?.['ms per step'] === 'not there')
      expect(own).toEqual([
        {
          ...{ step: 'all', backend, 'ms per step': 'not there' },
          why: `--backend=${backend}: ONNX Runtime has no working ${backend} device on this machine`,
        },
      ]);
    else expect(own.map(({ step }) => step)).toEqual(steps);
  }
  for (const row of rows.filter(({ backend }) => backend === 'cpu')) {
    expect(row).toMatchObject({ 'times cpu': '1.00', 'parameters off cpu': '0.0e+0' });
    expect([Number(row['ms per step']) > 0, Number(row['parameters moved']) > 1e-6]).toEqual([true, true]);
  }
});
