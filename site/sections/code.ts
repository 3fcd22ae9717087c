// The code of what was drawn: a few bytes to keep it by, beside its PNG, and the picture that comes back from any code.
import { readCode, readTag, writeCode } from '../../core/compression/code.ts';
import { DEFAULT_QUALITY, MAX_QUALITY } from '../../core/compression/quantise.ts';
import { fromBase64, toBase64 } from '../../core/image/encode.ts';
import type { Image } from '../../core/image/image.ts';
import { encodePng } from '../../core/image/png.ts';
import { oneHotRow } from '../../core/sampling/label.ts';
import { type Able, isAble } from '../../models/able.ts';
import { classesOf, type GaussianVaeCard, isGaussianVae, type ModelCard } from '../../models/card.ts';
import { copyText } from '../copy.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';

/** What a code is made of: a latent of `card`, with its class where the model takes one, and the drawing it is of. */
type Subject = { card: ModelCard; latent: Float32Array; label: number | undefined; drawing: Image };

/** Codes of symbols need the learned prior, which runs at the edge: the page has those of Gaussian latents. */
type Compressor = Extract<Able<'compress'>, GaussianVaeCard>;
const compresses = (card: ModelCard): card is Compressor => isAble(card, 'compress') && isGaussianVae(card);

const coderOf = (card: Compressor) => ({
  compression: card.compression,
  classes: classesOf(card)?.length,
});

const plural = (bytes: number): string => `${bytes} byte${bytes === 1 ? '' : 's'}`;

/** What a code says, and the model that it is for. @throws Error in words for people. */
function understand(text: string, cards: readonly ModelCard[]) {
  let code: Uint8Array;
  try {
    code = fromBase64(text.trim());
  } catch {
    throw new Error('this is not base64');
  }
  const tag = readTag(code);
  const card = cards.filter(compresses).findLast(({ compression }) => compression.tag === tag);
  if (!card) throw new Error(`no model here has the tag ${tag}`);
  return { card, bytes: code.length, ...readCode(coderOf(card), code) };
}

/** Wakes the field, the quality and the picture; gives what shows the code of a new subject. */
export function createCode(page: Page): (subject: Subject) => void {
  const field = byId<HTMLInputElement>('code');
  const quality = byId<HTMLInputElement>('quality');
  const note = byId('code-note');
  const canvas = byId<HTMLCanvasElement>('decoded');
  const caption = byId('decoded-caption');
  Object.assign(quality, { min: 1, max: MAX_QUALITY, value: DEFAULT_QUALITY });
  let subject: Subject | undefined;

  const decode = latest(async () => {
    let said: ReturnType<typeof understand>;
    try {
      said = understand(field.value, page.choices.cards);
    } catch (error) {
      note.textContent = `No picture has this code: ${error instanceof Error ? error.message : error}.`;
      return;
    }
    const { card, bytes, latent, label } = said;
    const classes = classesOf(card);
    const rows = label === undefined ? undefined : [oneHotRow(label, classes!.length)];
    const [image] = await page.choices.dreamer.decode(card, [latent], rows);
    paint(canvas, image!, page.choices);
    caption.textContent = `from ${plural(bytes)}`;
  });
  const encode = () => {
    const card = subject?.card;
    const able = card !== undefined && compresses(card);
    byId('compression').hidden = !able;
    byId('decoded-figure').hidden = !able;
    if (!subject || !able) return;
    const { code } = writeCode(coderOf(card), { quality: Number(quality.value), ...subject });
    field.value = toBase64(code);
    note.textContent = `${plural(code.length)} say it; as a PNG your drawing has ${plural(encodePng(subject.drawing).length)}.`;
    void page.attempt(decode);
  };
  quality.addEventListener('input', encode);
  field.addEventListener('input', () => void page.attempt(decode));
  byId('copy-code').addEventListener('click', async () => {
    // Where it cannot be copied it is selected, and one key press away.
    field.select();
    await copyText(field.value);
  });
  return (next) => {
    subject = next;
    encode();
  };
}
