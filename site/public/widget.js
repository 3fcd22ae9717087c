// <dream-image model="mnist-vae" seed="anna"></dream-image>: a picture from a dreamlet, on any page.
// Attributes: model, seed, n, columns, label, temperature, scale, colormap, alt. The rest is styled like any <img>.
(() => {
  // A module script is never the current one: it is found by its name.
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  const origin = new URL(script.src).origin;
  const PARAMETERS = ['seed', 'n', 'columns', 'label', 'temperature', 'scale', 'colormap'];

  class DreamImage extends HTMLElement {
    static observedAttributes = ['model', 'alt', ...PARAMETERS];

    constructor() {
      super();
      this.attachShadow({ mode: 'open' }).innerHTML =
        '<style>:host{display:inline-block;min-width:28px;min-height:28px}img{display:block;width:100%;image-rendering:pixelated}' +
        ':host([state=loading]){background:#8883;border-radius:6px}:host([state=error]) img{opacity:.7}</style><img part="image" decoding="async">';
      this.image = this.shadowRoot.querySelector('img');
      this.image.onload = () => this.setAttribute('state', 'ready');
      // The service answers errors with readable pictures; no answer at all leaves the text.
      this.image.onerror = () => this.setAttribute('state', 'error');
    }

    connectedCallback() {
      this.attributeChangedCallback();
    }

    attributeChangedCallback() {
      if (!this.isConnected) return;
      const model = this.getAttribute('model') ?? 'mnist-vae';
      const url = new URL(`/generate/${encodeURIComponent(model)}.png`, origin);
      url.searchParams.set('scale', '8');
      for (const name of PARAMETERS)
        if (this.hasAttribute(name)) url.searchParams.set(name, this.getAttribute(name));
      if (this.image.src === url.href) return;
      this.setAttribute('state', 'loading');
      this.image.alt = this.getAttribute('alt') ?? `A picture dreamt by ${model}`;
      this.image.src = url.href;
    }
  }

  if (!customElements.get('dream-image')) customElements.define('dream-image', DreamImage);
})();
