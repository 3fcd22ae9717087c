// What one does with the picture of the seed: its address, the file, and a link to the page as it is.
import { generateUrl } from '../../client/address.ts';
import { largestScale, sampleOperations } from '../../core/budget.ts';
import { pictureQuery } from '../../core/shown-picture.ts';
import { nameOf } from '../../models/model-id.ts';
import { copyText } from '../copy.ts';
import { byId, type Page } from '../page.ts';

/** Pixels that a downloaded picture has across, at least; whole pixels alone are enlarged. */
const DOWNLOAD_PIXELS = 448;
const MAX_SCALE = 16;

/** As far as the picture of the seed may be enlarged by one request, up to `scale`. */
export const scaleWithin = ({ card, maxOperations }: Page['choices'], scale: number): number =>
  Math.max(1, largestScale(card, 1, scale, sampleOperations(card), maxOperations));

/** The address of the picture of the seed, enlarged for people. */
export function pictureAddress(choices: Page['choices']): string {
  const { card } = choices;
  const wanted = Math.min(MAX_SCALE, Math.ceil(DOWNLOAD_PIXELS / card.image.width));
  return generateUrl(location.origin, {
    model: nameOf(card),
    ...pictureQuery(choices),
    scale: scaleWithin(choices, wanted),
  });
}

export function actionSection(page: Page): void {
  const said = byId('shared');
  const download = byId<HTMLAnchorElement>('download');
  const say = (words: string) => {
    said.textContent = words;
    setTimeout(() => {
      if (said.textContent === words) said.textContent = '';
    }, 4000);
  };
  byId('copy-address').addEventListener('click', async () => {
    const address = pictureAddress(page.choices);
    say((await copyText(address)) ? 'The address is copied.' : address);
  });
  byId('share').addEventListener('click', async () => {
    const url = location.href;
    if (navigator.share) {
      // Whoever changes their mind is told nothing.
      await navigator.share({ title: document.title, url }).catch(() => {});
      return;
    }
    say((await copyText(url)) ? 'The address of this page is copied.' : url);
  });
  const update = () => {
    const { card, seed } = page.choices;
    download.href = pictureAddress(page.choices);
    download.download = `${card.id}-${seed.replaceAll(/[^\w-]+/g, '-')}.png`;
  };
  page.onChange(update);
  update();
}
