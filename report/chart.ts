// A chart as one SVG document for README files, light or dark. Every point shows its value where it is opened alone.
import { type Chart, nameOf, unitOf } from '../figures/chart.ts';
import { layOut, type Placed } from '../figures/layout.ts';
import { drawPanel, escapeMarkup, TEXT_SIZE } from '../figures/panel.ts';
import { THEMES, type Theme } from '../figures/theme.ts';

const WIDTH = 860;
const EDGE = 12;
const HEAD = 62;

const hoverTitles = ({ panel, frame }: Placed, xUnit: string): string =>
  panel.series
    .flatMap((series) =>
      series.points.map(
        ([x, y]) =>
          `<circle cx="${frame.toX(x).toFixed(1)}" cy="${frame.toY(y).toFixed(1)}" r="5" fill="transparent">` +
          `<title>${escapeMarkup(nameOf(series))}: ${y.toFixed(2)} at ${x} ${xUnit}</title></circle>`,
      ),
    )
    .join('');

function drawLine(line: readonly Placed[], gap: number, y: number, theme: Theme, chart: Chart): string {
  let x = EDGE;
  return line
    .map((placed) => {
      const { panel, frame, labelled } = placed;
      const drawn = `<g transform="translate(${x} ${y})">\n${drawPanel(panel, frame, theme, labelled)}\n${hoverTitles(placed, unitOf(chart, panel))}\n</g>`;
      x += frame.width + gap;
      return drawn;
    })
    .join('\n');
}

export function drawChart(chart: Chart, name: keyof typeof THEMES): string {
  const theme = THEMES[name];
  const { gap, lines } = layOut(chart, WIDTH - 2 * EDGE);
  const sizes = lines.map((line) => line[0]!.frame.height);
  const height = sizes.reduce((sum, size) => sum + size, HEAD) + EDGE;
  const splits = new Map(
    chart.rows
      .flat()
      .flatMap(({ series }) => series)
      .map(({ split, dashed }) => [split, dashed]),
  );
  const legend = [...splits].map(
    ([split, dashed], i) =>
      `<path d="M${EDGE + 80 * i} 42h22" stroke="${theme.soft}" stroke-width="2"${dashed ? ' stroke-dasharray="4 3"' : ''}/>` +
      `<text x="${EDGE + 80 * i + 28}" y="46" fill="${theme.soft}">${escapeMarkup(split)}</text>`,
  );
  const placed = lines.map((line, i) =>
    drawLine(
      line,
      gap,
      sizes.slice(0, i).reduce((sum, size) => sum + size, HEAD),
      theme,
      chart,
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="${TEXT_SIZE}" fill="${theme.text}">
<title>${escapeMarkup(chart.title)}</title>
<rect width="${WIDTH}" height="${height}" fill="${theme.background}"/>
<text x="${EDGE}" y="22" font-size="14" font-weight="600">${escapeMarkup(chart.title)}</text>
<text x="${WIDTH - EDGE}" y="22" text-anchor="end" fill="${theme.soft}">${escapeMarkup(`${chart.yLabel}, by ${chart.xLabel}`)}</text>
${legend.join('\n')}
${placed.join('\n')}
</svg>
`;
}
