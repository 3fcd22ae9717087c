// Which class a drawing is, by a model that classifies: a bar for the probability of each.
import type { Image } from '../../core/image/image.ts';
import { toModelInput } from '../../core/image/resample.ts';
import { argmax } from '../../core/latents/categorical.ts';
import { modelLink } from '../model-link.ts';
import { ableCard, byId, type Page } from '../page.ts';

const percent = (share: number): string =>
  `${(100 * share).toFixed(share > 0.995 || share < 0.005 ? 1 : 0)} %`;

/** Gives what shows the classes of a drawing; it shows nothing where no model classifies. */
export function createClasses(page: Page): (drawing: Image) => Promise<void> {
  const place = byId('classes');
  const list = byId('classes-bars');
  return async (drawing) => {
    const card = ableCard(page.choices, 'classify');
    place.hidden = !card;
    if (!card) return;
    const probabilities = await page.choices.dreamer.classify(card, toModelInput(drawing, card.image));
    const best = argmax(probabilities);
    byId('classes-model').replaceChildren(modelLink(card));
    byId('classes-word').textContent = `${card.labels[best]}, ${percent(probabilities[best]!)}`;
    if (list.children.length !== card.labels.length)
      list.replaceChildren(
        ...card.labels.map((label) => {
          const item = document.createElement('li');
          const [word, bar, value] = ['span', 'i', 'output'].map((tag) => document.createElement(tag));
          word!.textContent = label;
          item.append(word!, bar!, value!);
          return item;
        }),
      );
    card.labels.forEach((_, k) => {
      const item = list.children[k]!;
      item.classList.toggle('likeliest', k === best);
      (item.children[1] as HTMLElement).style.setProperty('--share', String(probabilities[k]!));
      item.children[2]!.textContent = percent(probabilities[k]!);
    });
  };
}
