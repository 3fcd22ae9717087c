// The code of what was drawn: a few bytes to keep it by, beside its PNG, and the picture that comes back from any code.
import { readCode, readTag, writeCode } from '../../core/compression/code.ts';
import { DEFAULT_QUALITY, MAX_QUALITY } from '../../core/compression/quantise.ts';
import { fromBase64, toBase64 } from '../../core/image/encode.ts';
import type { Image } from '../../core/image/image.ts';
import { encodePng } from '../../core/image/png.ts';
import { toModelInput } from '../../core/image/resample.ts';
import { oneHotRow } from '../../core/sampling/label.ts';
import { type Able, isAble, type SymbolCompressor } from '../../models/able.ts';
import { classesOf, isDiscreteVae, type ModelCard } from '../../models/card.ts';
import { copyText } from '../copy.ts';
import { byId, latest, type Page } from '../page.ts';
import { paint } from '../paint.ts';

/** What a code is made of: a latent of `card`, with its class where the model takes one, and the drawing it is of. */
type Subject = { card: ModelCard; latent: Float32Array; label: number | undefined; drawing: Image };

const coderOf = (card: Exclude<Able<'compress'>, SymbolCompressor>) => ({
  compression: card.compression,
  classes: classesOf(card)?.length,
});

const plural = (bytes: number): string => `${bytes} byte${bytes === 1 ? '' : 's'}`;

/** What a code says, and the model that it is for. @throws Error in words for people. */
async function understand(text: string, { cards, dreamer }: Page['choices']) {
  let code: Uint8Array;
  try {
    code = fromBase64(text.trim());
  } catch {
    throw new Error('this is not base64');
  }
  const tag = readTag(code);
  const card = cards
    .filter((one) => isAble(one, 'compress'))
    .findLast(({ compression }) => compression.tag === tag);
  if (!card) throw new Error(`no model here has the tag ${tag}`);
  const said = isDiscreteVae(card)
    ? { latent: await dreamer.readSymbols(card, code) }
    : readCode(coderOf(card), code);
  return { label: undefined, ...said, card, bytes: code.length };
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
    let said: Awaited<ReturnType<typeof understand>>;
    try {
      said = await understand(field.value, page.choices);
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
  const encode = latest(async () => {
    const card = subject?.card;
    const able = card !== undefined && isAble(card, 'compress');
    byId('compression').hidden = !able;
    byId('decoded-figure').hidden = !able;
    if (!subject || !able) return;
    const { drawing } = subject;
    const asked = { ...subject, quality: Number(quality.value) };
    const code = isDiscreteVae(card)
      ? await page.choices.dreamer.writeSymbols(card, toModelInput(drawing, card.image), asked.quality)
      : writeCode(coderOf(card), asked).code;
    field.value = toBase64(code);
    note.textContent = `${plural(code.length)} say it; as a PNG your drawing has ${plural(encodePng(drawing).length)}.`;
    await decode();
  });
  const encodeSoon = () => void page.attempt(encode);
  quality.addEventListener('input', encodeSoon);
  field.addEventListener('input', () => void page.attempt(decode));
  byId('copy-code').addEventListener('click', async () => {
    // Where it cannot be copied it is selected, and one key press away.
    field.select();
    await copyText(field.value);
  });
  return (next) => {
    subject = next;
    encodeSoon();
  };
}
