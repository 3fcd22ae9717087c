// The element: a picture whose attributes are the parameters of its address. It brings no markup and no style that a
// strict page would refuse. Styled like any <img>; `state` is loading, ready or error.
import { generateUrl } from '../../client/address.ts';
import type { Queries } from '../../client/queries.ts';

type Query = Queries['/generate'];
const PARAMETERS = [
  'seed',
  'n',
  'columns',
  'label',
  'temperature',
  'scale',
  'colormap',
  'size',
  'scaling',
  'radius',
  'background',
] as const satisfies (keyof Query)[];
const DEFAULT_SCALE = '8';

const STYLE = `:host { display: inline-block; min-width: 28px; min-height: 28px }
img { display: block; width: 100%; image-rendering: pixelated }
:host([size]) img { image-rendering: auto }
:host([state=loading]) { background: #8883; border-radius: 6px }
:host([state=error]) img { opacity: .7 }`;

type State = 'loading' | 'ready' | 'error';

/** The class of the element; `home` is the origin of the pictures where its attribute `origin` names no other. */
export function createElementClass(home: string | undefined): CustomElementConstructor {
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);

  return class DreamImage extends HTMLElement {
    static observedAttributes = ['model', 'alt', 'loading', 'origin', ...PARAMETERS];

    readonly #image = document.createElement('img');
    #address = '';
    /** Where there are words about a failure, as a picture. */
    #words = '';

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [style];
      this.#image.part.add('image');
      this.#image.decoding = 'async';
      this.#image.addEventListener('load', () => {
        if (this.getAttribute('state') === 'loading') this.#end('ready', 'load');
      });
      this.#image.addEventListener('error', () => {
        if (this.getAttribute('state') !== 'loading') return;
        this.#end('error', 'error');
        this.#image.src = this.#words;
      });
      root.append(this.#image);
    }

    connectedCallback(): void {
      this.#plan();
    }

    attributeChangedCallback(): void {
      this.#plan();
    }

    /** What changes now is looked at together, in a moment: whoever comes second finds the address asked for. */
    #plan(): void {
      queueMicrotask(() => {
        if (this.isConnected) this.#show();
      });
    }

    #end(state: State, event: 'load' | 'error'): void {
      this.setAttribute('state', state);
      this.dispatchEvent(new Event(event));
    }

    #show(): void {
      const model = this.getAttribute('model') ?? undefined;
      this.#image.alt = this.getAttribute('alt') ?? `A picture dreamt by ${model ?? 'dreamlet'}`;
      this.#image.loading = this.getAttribute('loading') === 'lazy' ? 'lazy' : 'eager';
      const origin = this.getAttribute('origin') ?? home;
      if (!origin) {
        console.error('dream-image: nothing says where the script came from; set the attribute origin');
        this.#end('error', 'error');
        return;
      }
      const asked = PARAMETERS.flatMap((name) =>
        this.hasAttribute(name) ? [[name, this.getAttribute(name)]] : [],
      );
      const scale = this.hasAttribute('size') ? undefined : DEFAULT_SCALE;
      const query: Query = { ...(scale ? { scale } : {}), ...Object.fromEntries(asked), model };
      // A picture of words would be a success to an <img>.
      const address = generateUrl(origin, { ...query, errors: 'document' });
      if (this.#address === address) return;
      this.#address = address;
      this.#words = generateUrl(origin, query);
      this.setAttribute('state', 'loading');
      this.#image.src = address;
    }
  };
}
