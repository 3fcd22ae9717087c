// Emoji of an Iconify package: every icon that stands for a character, with its category and its picture as SVG.
import { z } from 'zod';

/** In the order of Unicode; their indices are the labels. */
export const CATEGORIES = [
  'Smileys & Emotion',
  'People & Body',
  'Animals & Nature',
  'Food & Drink',
  'Travel & Places',
  'Activities',
  'Objects',
  'Symbols',
  'Flags',
];

export type Icon = {
  /** Code points of what it stands for, without tone of skin and choice of presentation: `1f44b`. */
  character: string;
  category: number;
  svg: string;
};

const size = z.number().positive();
const icons = z.object({
  width: size,
  height: size,
  icons: z.record(
    z.string(),
    z.object({ body: z.string(), width: size.optional(), height: size.optional() }),
  ),
});
const chars = z.record(z.string(), z.string());
const metadata = z.object({ categories: z.record(z.string(), z.array(z.string())) });

/** U+FE0F asks for the picture of a character; U+1F3FB to U+1F3FF are tones of skin. */
const VARIANT = /^(fe0f|1f3f[b-f])$/;

/** `1f44b-1f3fb` → `1f44b`: pictures that differ in the tone of skin alone are of one character. */
export const characterOf = (codePoints: string): string =>
  codePoints
    .split('-')
    .filter((part) => !VARIANT.test(part))
    .join('-');

/** @throws Error naming the category, when it is none of `CATEGORIES`. */
export function readIcons(files: Map<string, Uint8Array>): Icon[] {
  const json = (name: string): unknown => JSON.parse(Buffer.from(files.get(name)!).toString('utf8'));
  const set = icons.parse(json('icons.json'));
  const characters = new Map(Object.entries(chars.parse(json('chars.json'))).map(([c, name]) => [name, c]));
  const { categories } = metadata.parse(json('metadata.json'));
  return Object.entries(categories).flatMap(([name, members]) => {
    const category = CATEGORIES.indexOf(name);
    if (category < 0) throw new Error(`emoji: '${name}' is none of ${CATEGORIES.join(', ')}`);
    return members.flatMap((member) => {
      const codePoints = characters.get(member);
      const icon = set.icons[member];
      if (codePoints === undefined || !icon) return [];
      const [width, height] = [icon.width ?? set.width, icon.height ?? set.height];
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}">${icon.body}</svg>`;
      return [{ character: characterOf(codePoints), category, svg }];
    });
  });
}
