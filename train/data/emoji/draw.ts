// Draws SVGs by resvg, compiled to WebAssembly: the same pixels on every machine.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeAtomically } from '../../io/files.ts';
import { cacheFolder } from '../files.ts';
import type { FindOptions } from '../idx-file.ts';
import { loadNpmPackage, type NpmPackage } from '../npm-package.ts';

const RESVG: NpmPackage = {
  name: '@resvg/resvg-wasm',
  version: '2.6.2',
  integrity:
    'sha512-FqALmHI8D4o6lk/LRWDnhw95z5eO+eAa6ORjVg09YRR7BkcM6oPHU9uyC0gtQG5vpFLvgpeU4+zEAz2H8APHNw==',
};

/** What is used of the package. */
type Resvg = {
  initWasm(wasm: Uint8Array): Promise<void>;
  Resvg: new (
    svg: string,
    options: { background: string; fitTo: { mode: 'width'; value: number } },
  ) => { render(): { pixels: Uint8Array; free(): void }; free(): void };
};

/** Gives a function that draws a square SVG on white, as bytes [3, size, size]. */
export async function createDrawing(
  size: number,
  set: string,
  options: FindOptions,
): Promise<(svg: string) => Uint8Array> {
  const files = await loadNpmPackage(RESVG, set, options);
  const module = join(cacheFolder(), set, `resvg-wasm-${RESVG.version}.mjs`);
  writeAtomically(module, files.get('index.mjs')!);
  // Each import starts anew, because the package can be initialised once.
  const resvg: Resvg = await import(`${pathToFileURL(module).href}?${performance.now()}`);
  await resvg.initWasm(files.get('index_bg.wasm')!);
  return (svg) => {
    const drawing = new resvg.Resvg(svg, { background: 'white', fitTo: { mode: 'width', value: size } });
    const picture = drawing.render();
    const { pixels } = picture; // [size, size, RGBA]
    const planes = Uint8Array.from({ length: 3 * size * size }, (_, i) => {
      const channel = Math.floor(i / (size * size));
      return pixels[4 * (i % (size * size)) + channel]!;
    });
    picture.free();
    drawing.free();
    return planes;
  };
}
