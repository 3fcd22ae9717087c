// Small readable pictures of text: the answer to an image request that failed.
import { enlarge } from './compose.ts';
import type { Image } from './image.ts';

/** 5×7 glyphs of ASCII 32…126, five columns each, the lowest bit at the top (the classic HD44780 shapes). */
const FONT =
  '00000000000000005f000000070007007f147f14242a7f2a12231308646236495522500005030000001c2241000041221c00082a1c2a0808083e08080050300000080808080800606000002010080402' +
  '3e5149453e00427f400042615149462141454b311814127f1027454545393c4a49493001710905033649494936064949291e0036360000005636000000081422411414141414412214080002015109063249' +
  '79413e7e1111117e7f494949363e414141227f4141221c7f494949417f09090901' +
  '3e414151327f0808087f00417f41002040413f017f081422417f404040407f020402' +
  '7f7f0408107f3e4141413e7f090909063e4151215e7f09192946464949493101017f01013f4040403f1f2040201f7f2018207f63140814630304780403615149454300007f41410204081020' +
  '41417f0000040201020440404040400001020400205454547' +
  '87f484444383844444420384444487f3854545418087e0901020814545' +
  '43c7f0804047800447d40002040443d00007f10284400417f40007c041804787c0804047838444444387c14141408081414187c7c0804040848545454' +
  '20043f4440203c4040207c1c2040201c3c4030403c44281028440c5050503c4464544c44000836410000007f00000041360800020102040200';

const GLYPHS = FONT.match(/../g)!.map((hex) => Number.parseInt(hex, 16));
const ADVANCE = 6;
const LINE = 10;
const MARGIN = 6;

/** Breaks text into lines of at most `columns` characters, at spaces where it can. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = '';
    }
    line = line ? `${line} ${word}` : word;
    while (line.length > columns) {
      lines.push(line.slice(0, columns));
      line = line.slice(columns);
    }
  }
  return [...lines, line];
}

/** Dark text on a light ground, wrapped to `columns` characters; characters outside ASCII show as `?`. */
export function textImage(text: string, { columns = 36, scale = 2 } = {}): Image {
  const lines = wrap(text, columns);
  const width = columns * ADVANCE + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  const pixels = new Uint8Array(width * height).fill(244);
  lines.forEach((line, row) => {
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      const glyph = 5 * ((code >= 32 && code <= 126 ? code : 63) - 32);
      for (let x = 0; x < 5; x++)
        for (let y = 0; y < 7; y++)
          if ((GLYPHS[glyph + x]! >> y) & 1)
            pixels[(MARGIN + row * LINE + y) * width + MARGIN + i * ADVANCE + x] = 40;
    }
  });
  return enlarge({ width, height, channels: 1, pixels }, scale);
}
