// Reads the texts that a PNG carries.

/** Keyword → text of the tEXt and iTXt chunks of a PNG. */
export function textsOf(png: Uint8Array): Record<string, string> {
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  const texts: Record<string, string> = {};
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const type = new TextDecoder().decode(png.subarray(at + 4, at + 8));
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'tEXt' || type === 'iTXt') {
      const [keyword, ...rest] = new TextDecoder(type === 'tEXt' ? 'latin1' : 'utf-8')
        .decode(data)
        .split('\0');
      texts[`${type} ${keyword}`] = rest.join('');
    }
    at += 12 + length;
  }
  return texts;
}
