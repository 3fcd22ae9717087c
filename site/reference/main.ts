// Wakes the forms of the reference: each sends its request and shows what comes back.
import { requestAddress } from '../../core/request-address.ts';

const SHOWN_CHARACTERS = 4000;
const HEADERS = [
  'content-type',
  'content-location',
  'x-model',
  'x-seed',
  'x-label',
  'x-bits',
  'cache-control',
];

/** What a form sends besides its address; nothing where it has nothing. */
async function bodyOf(data: FormData): Promise<RequestInit> {
  const file = data.get('body-file');
  if (file instanceof File && file.size > 0)
    return { body: file, headers: { 'Content-Type': file.type || 'application/octet-stream' } };
  const json = data.get('body-json');
  if (typeof json === 'string') return { body: json, headers: { 'Content-Type': 'application/json' } };
  const sample = data.get('body-sample');
  if (typeof sample !== 'string') return {};
  const drawn = await fetch(sample);
  if (!drawn.ok) throw new Error(`${sample} answers ${drawn.status}`);
  const picture = await drawn.blob();
  return { body: picture, headers: { 'Content-Type': picture.type } };
}

function pre(text: string): HTMLElement {
  const element = document.createElement('pre');
  element.tabIndex = 0;
  element.textContent =
    text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)` : text;
  return element;
}

/** A picture, text, or how long it is. */
async function shown(response: Response): Promise<HTMLElement> {
  const type = response.headers.get('Content-Type') ?? '';
  if (type.startsWith('image/')) {
    const image = new Image();
    const address = URL.createObjectURL(await response.blob());
    image.alt = 'The answer';
    image.onload = () => URL.revokeObjectURL(address);
    image.src = address;
    return image;
  }
  if (/json/.test(type)) {
    const text = await response.text();
    // Long arrays on one line each.
    return pre(
      JSON.stringify(JSON.parse(text), null, 2).replaceAll(/\[[\s\d.,e+-]*\]/g, (list) =>
        list.replaceAll(/\s+/g, ' '),
      ),
    );
  }
  if (type.startsWith('text/')) return pre(await response.text());
  return pre(`${(await response.arrayBuffer()).byteLength} bytes`);
}

async function send(form: HTMLFormElement): Promise<void> {
  const said = form.querySelector('output')!;
  const place = form.querySelector('.answer')!;
  const data = new FormData(form);
  const values = Object.fromEntries(
    [...data].flatMap(([name, value]) =>
      typeof value === 'string' && !name.startsWith('body-') ? [[name, value] as const] : [],
    ),
  );
  const { method, path } = form.dataset;
  const address = requestAddress(path!, values);
  said.textContent = 'asking…';
  try {
    const init = await bodyOf(data);
    const begun = performance.now();
    const response = await fetch(address, { method: method!, ...init });
    const answer = await shown(response);
    const milliseconds = Math.round(performance.now() - begun);
    said.textContent = `${method} ${address}: ${response.status}, ${milliseconds} ms`;
    const headers = HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [`${name}: ${value}`];
    });
    place.replaceChildren(answer, pre(headers.join('\n')));
  } catch (error) {
    said.textContent = `That did not work: ${error instanceof Error ? error.message : error}.`;
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>('form.try')) {
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(form);
  });
}
