// Model, colours, temperature, and where to run.
import { COLORMAPS, type Colormap } from '../../core/image/colormaps.ts';
import { isAble } from '../../models/able.ts';
import { classesOf } from '../../models/card.ts';
import { isDiscrete } from '../../models/latent.ts';
import { edge } from '../edge.ts';
import { labelRows } from '../labels.ts';
import { byId, type Page } from '../page.ts';

const option = (value: string, label: string) => new Option(label, value);

export function controlSection(page: Page): void {
  const models = byId<HTMLSelectElement>('model');
  const colours = byId<HTMLSelectElement>('colormap');
  const labels = byId<HTMLSelectElement>('label');
  const temperature = byId<HTMLInputElement>('temperature');
  const value = byId('temperature-value');
  const note = byId('model-note');
  const cards = page.choices.cards.filter((one) => isAble(one, 'generate'));
  models.replaceChildren(...cards.map((card, i) => option(String(i), `${card.id}@${card.version}`)));
  models.value = String(cards.indexOf(page.choices.card));
  colours.replaceChildren(...COLORMAPS.map((name) => option(name, name)));

  const describe = () => {
    const { card } = page.choices;
    const bytes = card.files.find(({ name }) => name === card.graphs.decoder.file)?.bytes ?? 0;
    const names = classesOf(card);
    byId('label-control').hidden = !names;
    byId('colormap-control').hidden = card.image.channels !== 1;
    // Fair codes have no temperature.
    byId('temperature-control').hidden = isDiscrete(card.latent) && !card.graphs.prior;
    labels.replaceChildren(
      option('', 'from the seed'),
      ...(names ?? []).map((name, i) => option(String(i), name)),
    );
    labels.value = page.choices.label === undefined ? '' : String(page.choices.label);
    note.textContent = `${card.title}. ${card.description} The decoder is ${(bytes / 1e6).toFixed(1)} MB.`;
  };
  models.addEventListener('change', () =>
    page.choose({ card: cards[Number(models.value)]!, label: undefined }),
  );
  labels.addEventListener('change', () =>
    page.choose({ label: labels.value === '' ? undefined : Number(labels.value) }),
  );
  colours.addEventListener('change', () => page.choose({ colormap: colours.value as Colormap }));
  temperature.addEventListener('input', () => {
    value.textContent = Number(temperature.value).toFixed(2);
    page.choose({ temperature: Number(temperature.value) });
  });
  page.onChange((changed) => {
    if (changed.has('card')) describe();
  });
  describe();
  whereToRun(page);
}

function whereToRun(page: Page): void {
  const loading = byId('loading');
  const bar = document.createElement('progress');
  bar.max = 1;
  const words = document.createElement('span');
  loading.replaceChildren(bar, words);
  const radio = (where: string) =>
    document.querySelector<HTMLInputElement>(`input[name="where"][value="${where}"]`)!;

  const useDevice = async () => {
    radio('device').checked = true;
    loading.hidden = false;
    words.textContent = 'Fetching the engine';
    try {
      const { createDevice } = await import('../on-device.ts');
      let runsOn = '';
      const dreamer = await createDevice(
        (what, share) => {
          bar.value = share;
          words.textContent = `Fetching ${what}, ${Math.round(100 * share)} %`;
          loading.hidden = share >= 1 && what !== 'the runtime';
        },
        (provider) => {
          runsOn = provider;
          if (document.documentElement.dataset.runsOn !== 'edge')
            document.documentElement.dataset.runsOn = provider;
        },
      );
      const { card } = page.choices;
      const seeds = [page.choices.seed];
      await dreamer.decode(card, await dreamer.draw(card, seeds, 1), labelRows(page.choices, seeds));
      if (!radio('device').checked) return;
      page.choose({ dreamer });
      document.documentElement.dataset.runsOn = runsOn;
    } catch (error) {
      radio('edge').checked = true;
      throw new Error(
        `this device cannot run the model (${error instanceof Error ? error.message : error}); the edge goes on`,
      );
    } finally {
      loading.hidden = true;
    }
  };
  byId('where').addEventListener('change', () => {
    if (radio('device').checked) void page.attempt(useDevice);
    else {
      page.choose({ dreamer: edge });
      document.documentElement.dataset.runsOn = 'edge';
    }
  });
}
