import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makePhotoDecoder, PHOTO_DECODERS, withInitialPages } from '../../scripts/photo-decoders.ts';

test.each(Object.entries(PHOTO_DECODERS))(
  '%s is what the package has, with a small memory; npm run photo-decoders makes it again',
  async (file, source) => {
    const made = makePhotoDecoder(source);
    expect(Buffer.from(made).equals(readFileSync(file))).toBe(true);
    const kinds = (bytes: Uint8Array) => {
      const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
      return [WebAssembly.Module.imports(module), WebAssembly.Module.exports(module)];
    };
    expect(kinds(made)).toEqual(kinds(readFileSync(source)));
  },
);

test('a module without a memory of its own is refused', () => {
  expect(() => withInitialPages(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), 16)).toThrow(
    'photo decoders: the module must have a memory of its own, it has none',
  );
});
