// /widget.js: `<dream-image model="mnist-vae" seed="anna"></dream-image>`, a picture from this dreamlet on any page.
import { createElementClass } from './element.ts';
import { originOfScript } from './origin.ts';

const NAME = 'dream-image';
if (!customElements.get(NAME)) customElements.define(NAME, createElementClass(originOfScript()));
