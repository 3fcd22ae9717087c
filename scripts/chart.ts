// Line charts as SVG, light and dark, from numbers alone: small multiples with a logarithmic x axis.

export type Series = {
  name: string;
  /** Which colour of the theme; series of one subject share it. */
  colour: number;
  dashed?: boolean;
  points: readonly (readonly [x: number, y: number])[];
};
export type Panel = { title: string; series: Series[] };
export type Chart = {
  title: string;
  xLabel: string;
  /** What a point is at so many of. */
  xUnit: string;
  yLabel: string;
  panels: Panel[];
};
export type Theme = 'light' | 'dark';

const THEMES = {
  light: {
    background: '#ffffff',
    text: '#1f2328',
    faint: '#d8dee4',
    colours: ['#0b63c5', '#b54708', '#1a7f37'],
  },
  dark: {
    background: '#0d1117',
    text: '#e6edf3',
    faint: '#30363d',
    colours: ['#6cb6ff', '#f0a35e', '#6bc46d'],
  },
} as const;

const PANEL = { width: 270, height: 210, left: 46, right: 18, top: 26, bottom: 26 };
const HEAD = 56;
const COLUMNS = 3;

const markup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const round = (value: number): number => Math.round(value * 10) / 10;

/** Round numbers that divide `low`…`high` into a few parts. */
export function ticks(low: number, high: number, about = 5): number[] {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((m) => m * power >= raw) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const powerOfTen = (n: number): string => `10${[...String(n)].map((d) => SUPERSCRIPTS[Number(d)]).join('')}`;

function drawPanel({ title, series }: Panel, xUnit: string, theme: Theme): string {
  const { text, faint, colours } = THEMES[theme];
  const xs = series.flatMap(({ points }) => points.map(([x]) => Math.log10(x)));
  const ys = series.flatMap(({ points }) => points.map(([, y]) => y));
  const [x0, x1] = [Math.min(...xs), Math.max(...xs, Math.min(...xs) + 0.1)];
  const margin = 0.05 * (Math.max(...ys) - Math.min(...ys)) || 1;
  const [y0, y1] = [Math.min(...ys) - margin, Math.max(...ys) + margin];
  const { width, height, left, right, top, bottom } = PANEL;
  const toX = (x: number) => round(left + ((Math.log10(x) - x0) / (x1 - x0)) * (width - left - right));
  const toY = (y: number) => round(height - bottom - ((y - y0) / (y1 - y0)) * (height - top - bottom));
  const grid = ticks(y0, y1).map(
    (y) =>
      `<path d="M${left} ${toY(y)}H${width - right}" stroke="${faint}"/>` +
      `<text x="${left - 6}" y="${toY(y) + 4}" text-anchor="end">${String(y).replace('-', '−')}</text>`,
  );
  const decades = Array.from({ length: Math.floor(x1 + 1e-9) - Math.ceil(x0 - 1e-9) + 1 }, (_, i) => {
    const n = Math.ceil(x0 - 1e-9) + i;
    return `<text x="${toX(10 ** n)}" y="${height - bottom + 18}" text-anchor="middle">${powerOfTen(n)}</text>`;
  });
  const lines = series.map(({ name, colour, dashed, points }) => {
    const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${toX(x)} ${toY(y)}`).join('');
    const dash = dashed ? ' stroke-dasharray="4 3"' : '';
    const dots = points.map(
      ([x, y]) =>
        `<circle cx="${toX(x)}" cy="${toY(y)}" r="5" fill="transparent"><title>${markup(name)}: ${y.toFixed(2)} at ${Math.round(10 * x) / 10} ${xUnit}</title></circle>`,
    );
    return `<path d="${path}" fill="none" stroke="${colours[colour]}" stroke-width="2"${dash}/>${dots.join('')}`;
  });
  return [
    `<text x="${left}" y="16" font-weight="600" fill="${text}">${markup(title)}</text>`,
    ...grid,
    ...decades,
    ...lines,
  ].join('\n');
}

/** The chart as an SVG document. Every point shows its value on hover. */
export function drawChart({ title, xLabel, xUnit, yLabel, panels }: Chart, theme: Theme): string {
  const { background, text, colours } = THEMES[theme];
  const columns = Math.min(COLUMNS, panels.length);
  const width = Math.max(620, columns * PANEL.width);
  const height = HEAD + Math.ceil(panels.length / columns) * PANEL.height;
  const named = new Map(panels.flatMap(({ series }) => series.map((one) => [one.name, one])));
  const legend = [...named.values()].map(({ name, colour, dashed }, i) => {
    const x = 12 + i * 150;
    const dash = dashed ? ' stroke-dasharray="4 3"' : '';
    return (
      `<path d="M${x} 40h22" stroke="${colours[colour]}" stroke-width="2"${dash}/>` +
      `<text x="${x + 28}" y="44">${markup(name)}</text>`
    );
  });
  const placed = panels.map((panel, i) => {
    const [x, y] = [(i % columns) * PANEL.width, HEAD + Math.floor(i / columns) * PANEL.height];
    return `<g transform="translate(${x} ${y})">\n${drawPanel(panel, xUnit, theme)}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="${text}">
<title>${markup(title)}</title>
<rect width="${width}" height="${height}" fill="${background}"/>
<text x="12" y="22" font-size="14" font-weight="600">${markup(title)}</text>
<text x="${width - 12}" y="22" text-anchor="end">${markup(`${yLabel}, by ${xLabel}`)}</text>
${legend.join('\n')}
${placed.join('\n')}
</svg>
`;
}
