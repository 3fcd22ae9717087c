// A chart on the page: a legend that switches curves on and off, panels in as many columns as there is room for, and
// one readout. The panels are one tab stop.
import { type Chart, legendOf, nameOf, type Series, unitOf } from '../../figures/chart.ts';
import { layOut } from '../../figures/layout.ts';
import { PAGE_THEME } from './colours.ts';
import { make } from './make.ts';
import { createPanelView, type PanelView } from './panel-view.ts';
import { showReadout } from './readout.ts';

const KEYS = 'left and right arrow read another sample, up and down another panel';

function legendButton(series: Series, onToggle: (shown: boolean) => void): HTMLButtonElement {
  const line = make('i', { class: series.dashed ? 'dashed' : undefined });
  line.style.color = PAGE_THEME.colours[series.colour]!;
  const button = make('button', { type: 'button', 'aria-pressed': 'true' }, line, nameOf(series));
  button.onclick = () => {
    const shown = button.getAttribute('aria-pressed') === 'false';
    button.setAttribute('aria-pressed', String(shown));
    onToggle(shown);
  };
  return button;
}

export function renderFigure(chart: Chart): HTMLElement {
  const hidden = new Set<string>();
  const readout = make('div', { class: 'readout', 'aria-hidden': 'true', hidden: '' });
  const panels = make('div', { class: 'panels', role: 'group', 'aria-label': `${chart.title}; ${KEYS}` });
  let views: PanelView[] = [];
  let width = 0;

  const draw = () => {
    const { gap, lines } = layOut(chart, width);
    const flat = lines.flat();
    views = flat.map((placed, i) => {
      const shown = {
        ...placed.panel,
        series: placed.panel.series.filter((series) => !hidden.has(nameOf(series))),
      };
      const unit = unitOf(chart, placed.panel);
      return createPanelView(
        placed,
        shown,
        unit,
        (reading) => {
          if (!reading) {
            readout.hidden = true;
            return;
          }
          const panel = views[i]!.element.getBoundingClientRect();
          showReadout(readout, reading.panel, reading.samples, unit, { panel, x: reading.x });
        },
        (step, samples) => {
          const next = views[i + step];
          next?.element.focus();
          next?.goTo(samples);
        },
      );
    });
    views[0]!.element.setAttribute('tabindex', '0');
    let next = 0;
    const drawn = lines.map((line) => {
      const row = make('div', {}, ...line.map(() => views[next++]!.element));
      row.style.gap = `${gap}px`;
      return row;
    });
    panels.replaceChildren(...drawn, readout);
    readout.hidden = true;
  };
  panels.addEventListener('focusin', ({ target }) => {
    for (const { element } of views) element.setAttribute('tabindex', element === target ? '0' : '-1');
  });
  // It is told of the first width too, once the figure is on the page.
  new ResizeObserver(() => {
    if (panels.clientWidth === width) return;
    width = panels.clientWidth;
    draw();
  }).observe(panels);

  const legend = legendOf(chart).map((series) =>
    legendButton(series, (shown) => {
      if (shown) hidden.delete(nameOf(series));
      else hidden.add(nameOf(series));
      draw();
    }),
  );
  return make(
    'figure',
    { class: 'chart' },
    make('div', { class: 'legend', role: 'group', 'aria-label': 'Curves' }, ...legend),
    make('figcaption', {}, `${chart.yLabel}, by ${chart.xLabel}`),
    panels,
  );
}
