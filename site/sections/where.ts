// Where pictures are made: at the edge, or by the same files on this device. What is fetched and how fast it runs is said
// beside the switch, in a place of its own, so that nothing on the page moves.
import type { Dreamer } from '../dreamer.ts';
import { labelRows } from '../labels.ts';
import type { Meter } from '../meter.ts';
import type { Provider } from '../on-device.ts';
import { byId, type Page } from '../page.ts';

const ENGINES: Record<Provider, string> = {
  simd: 'here, by dreamlet’s engine',
  webgpu: 'here, by ONNX Runtime on WebGPU',
  wasm: 'here, by ONNX Runtime',
};

export function whereSection(page: Page, edge: Dreamer, meter: Meter): void {
  const bar = byId<HTMLProgressElement>('loading');
  const radio = (where: string) =>
    document.querySelector<HTMLInputElement>(`input[name="where"][value="${where}"]`)!;
  const useEdge = () => {
    page.choose({ dreamer: edge });
    document.documentElement.dataset.runsOn = 'edge';
  };

  const useDevice = async () => {
    radio('device').checked = true;
    bar.hidden = false;
    bar.removeAttribute('value');
    meter.say('fetching the engine');
    try {
      const { createDevice } = await import('../on-device.ts');
      let runsOn: Provider = 'simd';
      const here = () => document.documentElement.dataset.runsOn !== 'edge';
      const dreamer = await createDevice({
        onProgress(what, share) {
          bar.value = share;
          bar.hidden = share >= 1;
          meter.say(`fetching ${what}, ${Math.round(100 * share)} %`);
        },
        onLoad(provider) {
          runsOn = provider;
          if (!here()) return;
          document.documentElement.dataset.runsOn = provider;
          meter.setEngine(ENGINES[provider]);
        },
        onDecode: (milliseconds, pictures) => here() && meter.count(milliseconds, pictures),
      });
      const { card } = page.choices;
      const seeds = [page.choices.seed];
      await dreamer.decode(card, await dreamer.draw(card, seeds, 1), labelRows(page.choices, seeds));
      if (!radio('device').checked) return;
      meter.setEngine(ENGINES[runsOn]);
      document.documentElement.dataset.runsOn = runsOn;
      page.choose({ dreamer });
    } catch (error) {
      radio('edge').checked = true;
      meter.setEngine('edge, with the way');
      throw new Error(
        `this device cannot run the model (${error instanceof Error ? error.message : error}); the edge goes on`,
      );
    } finally {
      bar.hidden = true;
    }
  };
  byId('where').addEventListener('change', () => {
    if (radio('device').checked) void page.attempt(useDevice);
    else {
      meter.setEngine('edge, with the way');
      useEdge();
    }
  });
}
