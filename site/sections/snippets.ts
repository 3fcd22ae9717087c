// Ready-made snippets for the current picture.
import { generateUrl } from '../../client/address.ts';
import { classesOf } from '../../models/card.ts';
import { byId, type Page } from '../page.ts';

function snippet(title: string): { element: HTMLElement; set(code: string): void } {
  const element = document.createElement('div');
  element.className = 'snippet';
  const heading = document.createElement('h3');
  heading.textContent = title;
  const copy = document.createElement('button');
  copy.type = 'button';
  copy.textContent = 'Copy';
  copy.setAttribute('aria-label', `Copy: ${title}`);
  const code = document.createElement('pre');
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? '');
      copy.textContent = 'Copied';
    } catch {
      // Without permission, or on a page without TLS: selected, it is one key press away.
      getSelection()?.selectAllChildren(code);
      copy.textContent = 'Selected';
    }
    setTimeout(() => {
      copy.textContent = 'Copy';
    }, 1500);
  });
  element.append(heading, copy, code);
  return {
    element,
    set(text) {
      code.textContent = text;
    },
  };
}

export function snippetSection(page: Page): void {
  const image = snippet('As an image');
  const widget = snippet('As an element');
  const command = snippet('From a terminal');
  byId('snippets').replaceChildren(image.element, widget.element, command.element);
  const update = () => {
    const { card, seed, label, temperature, colormap } = page.choices;
    const query = {
      seed,
      ...(label === undefined ? {} : { label: classesOf(card)![label]! }),
      ...(temperature === 1 ? {} : { temperature }),
      ...(colormap === 'gray' || card.image.channels !== 1 ? {} : { colormap }),
    };
    const attributes = Object.entries(query)
      .map(
        ([name, value]) => ` ${name}="${String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`,
      )
      .join('');
    const model = `${card.id}@${card.version}`;
    const address = generateUrl(location.origin, { model, ...query, scale: 8 });
    image.set(`<img src="${address.replaceAll('&', '&amp;')}" alt="">`);
    widget.set(
      `<script src="${location.origin}/widget.js"></script>\n<dream-image model="${model}"${attributes}></dream-image>`,
    );
    command.set(`curl -o ${card.id}.png '${address}'`);
  };
  page.onChange(update);
  update();
}
