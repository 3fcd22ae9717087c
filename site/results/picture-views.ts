// Pictures that are looked at part by part: moments of a training along a slider, and the neighbours of the image that one
// chooses. Parts are the one picture behind windows, fetched once, when they come near.
import type { Picture, View } from '../../figures/section.ts';
import { make, printed } from './make.ts';
import { whenNear } from './when-near.ts';

/** An image and the two that are nearest to it, under each other. */
const ROWS_OF_LINE = 3;

type Window = { element: HTMLElement; show(column: number, row: number): void };

/** A window on one of `columns` × `rows` parts of a picture, as wide as the page lets it be. */
function createWindow({ width, height }: Picture, columns: number, rows: number): Window {
  const element = make('div', { class: 'window' });
  element.style.aspectRatio = `${width / columns} / ${height / rows}`;
  element.style.backgroundSize = `${100 * columns}% ${100 * rows}%`;
  // In per cent of what the picture is larger than the window by.
  const along = (at: number, of: number) => `${of > 1 ? (100 * at) / (of - 1) : 0}%`;
  return {
    element,
    show(column, row) {
      element.style.backgroundPosition = `${along(column, columns)} ${along(row, rows)}`;
    },
  };
}

/** Its last moment at first. */
function renderMoments(picture: Picture, words: readonly string[]): HTMLElement[] {
  const { element, show } = createWindow(picture, 1, words.length);
  element.setAttribute('role', 'img');
  const last = String(words.length - 1);
  const slider = make('input', { type: 'range', min: '0', max: last, value: last });
  const said = make('output');
  const draw = () => {
    const moment = words[slider.valueAsNumber]!;
    said.textContent = moment;
    slider.setAttribute('aria-valuetext', moment);
    element.setAttribute('aria-label', `${picture.caption}: ${moment}`);
    show(0, slider.valueAsNumber);
  };
  slider.addEventListener('input', draw);
  draw();
  return [element, make('label', { class: 'slider' }, 'Training ', slider, said)];
}

/** Radio buttons are one tab stop, and arrow keys go from one to the next. */
function renderNeighbours(
  picture: Picture,
  src: string,
  columns: number,
  words: readonly string[][],
): HTMLElement[] {
  const rows = ROWS_OF_LINE * Math.ceil(words.length / columns);
  const placeOf = (image: number): [number, number] => [
    image % columns,
    ROWS_OF_LINE * Math.floor(image / columns),
  ];
  const parts = Array.from({ length: ROWS_OF_LINE }, () => {
    const said = make('figcaption');
    const view = createWindow(picture, columns, rows);
    return { ...view, said, figure: make('figure', {}, view.element, said) };
  });
  const choose = (image: number) => {
    const [column, row] = placeOf(image);
    parts.forEach(({ said, show }, i) => {
      said.textContent = i === 0 ? `drawn, image ${image + 1}` : words[image]![i - 1]!;
      show(column, row + i);
    });
  };
  const choices = words.map((_, image) => {
    const radio = make('input', { type: 'radio', name: src, 'aria-label': `image ${image + 1}` });
    radio.checked = image === 0;
    radio.addEventListener('change', () => choose(image));
    const { element, show } = createWindow(picture, columns, rows);
    show(...placeOf(image));
    return make('label', {}, radio, element);
  });
  choose(0);
  const label = `Images of ${picture.caption}, to see what they are nearest to`;
  const grid = make('div', { class: 'choices', role: 'radiogroup', 'aria-label': label }, ...choices);
  grid.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
  const three = make('div', { class: 'three', 'aria-live': 'polite' }, ...parts.map(({ figure }) => figure));
  return [grid, three];
}

/** `src`: address of the picture, which the caption leads to. */
export function renderView(src: string, picture: Picture, view: View): HTMLElement {
  const caption = make('figcaption', {}, make('a', { href: src }, ...printed(picture.caption)));
  const parts =
    view.kind === 'moments'
      ? renderMoments(picture, view.words)
      : renderNeighbours(picture, src, view.columns, view.words);
  const figure = make('figure', { class: view.kind }, ...parts, caption);
  whenNear(figure, () =>
    figure.style.setProperty('--picture', `url("${new URL(src, document.baseURI).href}")`),
  );
  return figure;
}
