// One panel of a chart as SVG markup: grid, axes, curves and, in the first panel of a line, the labels that all share.
import type { Panel, Series } from './chart.ts';
import { type Frame, logTicks, ticks } from './frame.ts';
import { INDEX, powerOfTen, withGroups, withMinus } from './numbers.ts';
import type { Theme } from './theme.ts';

export const TEXT_SIZE = 12;
/** Height of a line of text, and about the width of a letter. */
const LINE = 15;
const LETTER = 7;

export const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** `N_z = 3` with its index below the line. */
const withIndex = (text: string): string =>
  withGroups(text)
    .split(INDEX)
    .map((part, i) => {
      const size = i % 2 === 1 ? ' dy="3" font-size="75%"' : i > 0 ? ' dy="-3"' : '';
      return `<tspan${size}>${escapeMarkup(part)}</tspan>`;
    })
    .join('');

const round = (value: number): number => Math.round(value * 10) / 10;

function drawAxes(frame: Frame, theme: Theme, labelled: boolean): string[] {
  const { left, right, width, height, bottom, toX, toY } = frame;
  const floor = height - bottom;
  const grid = ticks(frame.values).map(
    (value) =>
      `<path d="M${left} ${round(toY(value))}H${width - right}" stroke="${theme.faint}"/>` +
      (labelled
        ? `<text x="${left - 6}" y="${round(toY(value) + 4)}" text-anchor="end" fill="${theme.soft}">${withMinus(String(value))}</text>`
        : ''),
  );
  const marks = logTicks(frame.samples).map(
    ({ at, power }) =>
      `<path d="M${round(toX(at))} ${floor}v${power === undefined ? 3 : 6}" stroke="${theme.soft}"/>` +
      (power === undefined
        ? ''
        : `<text x="${round(toX(at))}" y="${floor + 19}" text-anchor="middle" fill="${theme.soft}">${powerOfTen(power)}</text>`),
  );
  return [...grid, `<path d="M${left} ${floor}H${width - right}" stroke="${theme.soft}"/>`, ...marks];
}

/** Heights of a curve within `from`…`to`, in pixels. */
function heights({ points }: Series, { toX, toY }: Frame, from: number, to: number): number[] {
  return points.flatMap(([samples, value], i) => {
    const [x, y] = [toX(samples), toY(value)];
    const next = points[i + 1];
    if (x >= from) return x <= to ? [y] : [];
    if (!next || toX(next[0]) <= from) return [];
    return [y + ((from - x) / (toX(next[0]) - x)) * (toY(next[1]) - y)];
  });
}

/** Names of the subjects where their curves end: the highest above all curves there, the others below them. */
function drawNames(series: readonly Series[], frame: Frame, theme: Theme): string[] {
  const drawn = series.filter(({ points }) => points.length > 0);
  const ends = [...new Set(drawn.map(({ subject }) => subject))].map((subject) => {
    const own = drawn.filter((one) => one.subject === subject);
    const x = Math.max(...own.map(({ points }) => frame.toX(points.at(-1)![0])));
    const all = drawn.flatMap((one) => heights(one, frame, x - LETTER * subject.length, x));
    const end = Math.max(...own.map(({ points }) => frame.toY(points.at(-1)![1])));
    return { subject, colour: own[0]!.colour, x, end, above: Math.min(...all), below: Math.max(...all) };
  });
  ends.sort((a, b) => a.end - b.end);
  let last = 0;
  return ends.map(({ subject, colour, x, above, below }, i) => {
    last = i === 0 ? above - 7 : Math.max(below, last) + LINE;
    return (
      `<text x="${round(x)}" y="${round(last)}" text-anchor="end" font-weight="600" fill="${theme.colours[colour]}">` +
      `${escapeMarkup(subject)}</text>`
    );
  });
}

/** `labelled`: with the numbers of the vertical axis and the names of the curves. */
export function drawPanel({ title, series }: Panel, frame: Frame, theme: Theme, labelled: boolean): string {
  const curves = series.map(({ colour, dashed, points }) => {
    const path = points.map(
      ([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(frame.toX(x))} ${round(frame.toY(y))}`,
    );
    const dash = dashed ? ' stroke-dasharray="4 3"' : '';
    // A path of one point is not seen.
    if (points.length === 1)
      return `<circle cx="${round(frame.toX(points[0]![0]))}" cy="${round(frame.toY(points[0]![1]))}" r="3" fill="${theme.colours[colour]}"/>`;
    return `<path d="${path.join('')}" fill="none" stroke="${theme.colours[colour]}" stroke-width="2" stroke-linejoin="round"${dash}/>`;
  });
  return [
    `<text x="${frame.left}" y="14" font-weight="600" fill="${theme.text}">${withIndex(title)}</text>`,
    ...drawAxes(frame, theme, labelled),
    ...curves,
    ...(labelled ? drawNames(series, frame, theme) : []),
  ].join('\n');
}
