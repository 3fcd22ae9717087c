// Model, label, colours, temperature, and whether pixels show.
import { COLORMAPS, type Colormap } from '../../core/image/colormaps.ts';
import { isAble } from '../../models/able.ts';
import { classesOf } from '../../models/card.ts';
import { isDiscrete } from '../../models/latent.ts';
import { nameOf } from '../../models/model-id.ts';
import { modelLink } from '../model-link.ts';
import { byId, type Page } from '../page.ts';

const option = (value: string, label: string) => new Option(label, value);

export function controlSection(page: Page): void {
  const models = byId<HTMLSelectElement>('model');
  const colours = byId<HTMLSelectElement>('colormap');
  const labels = byId<HTMLSelectElement>('label');
  const temperature = byId<HTMLInputElement>('temperature');
  const pixels = byId<HTMLInputElement>('scaling');
  const cards = page.choices.cards.filter((one) => isAble(one, 'generate'));
  models.replaceChildren(...cards.map((card, i) => option(String(i), nameOf(card))));
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
    byId('model-note').textContent =
      `${card.title}. ${card.description} The decoder is ${(bytes / 1e6).toFixed(1)} MB.`;
    byId('model-page').replaceChildren(modelLink(card));
  };
  const show = () => {
    const { card, label, colormap, scaling } = page.choices;
    models.value = String(cards.indexOf(card));
    labels.value = label === undefined ? '' : String(label);
    colours.value = colormap;
    pixels.checked = scaling === 'pixels';
    document.documentElement.dataset.scaling = scaling;
    temperature.value = String(page.choices.temperature);
    byId('temperature-value').textContent = page.choices.temperature.toFixed(2);
  };
  models.addEventListener('change', () =>
    page.choose({ card: cards[Number(models.value)]!, label: undefined }),
  );
  labels.addEventListener('change', () =>
    page.choose({ label: labels.value === '' ? undefined : Number(labels.value) }),
  );
  colours.addEventListener('change', () => page.choose({ colormap: colours.value as Colormap }));
  pixels.addEventListener('change', () => page.choose({ scaling: pixels.checked ? 'pixels' : 'smooth' }));
  temperature.addEventListener('input', () => page.choose({ temperature: Number(temperature.value) }));
  page.onChange((changed) => {
    if (changed.has('card')) describe();
    show();
  });
  describe();
  show();
}
