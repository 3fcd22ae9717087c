// Ready-made snippets for the current picture.
import { generateUrl } from '../../client/address.ts';
import { pictureQuery } from '../../core/shown-picture.ts';
import { nameOf } from '../../models/model-id.ts';
import { copyText } from '../copy.ts';
import { byId, type Page } from '../page.ts';
import { scaleWithin } from './actions.ts';

const SCALE = 8;

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
    const copied = await copyText(code.textContent ?? '');
    // Selected, it is one key press away.
    if (!copied) getSelection()?.selectAllChildren(code);
    copy.textContent = copied ? 'Copied' : 'Selected';
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
    const query = pictureQuery(page.choices);
    const attributes = Object.entries(query)
      .map(
        ([name, value]) => ` ${name}="${String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`,
      )
      .join('');
    const { card } = page.choices;
    const model = nameOf(card);
    const address = generateUrl(location.origin, {
      model,
      ...query,
      scale: scaleWithin(page.choices, SCALE),
    });
    image.set(`<img src="${address.replaceAll('&', '&amp;')}" alt="">`);
    widget.set(
      `<script src="${location.origin}/widget.js"></script>\n<dream-image model="${model}"${attributes}></dream-image>`,
    );
    command.set(`curl -o ${card.id}.png '${address}'`);
  };
  page.onChange(update);
  update();
}
