// A link to the page of a model, wherever a section says by whom it is.
import type { ModelCard } from '../models/card.ts';
import { nameOf } from '../models/model-id.ts';

export function modelLink(card: ModelCard): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = `/models/${nameOf(card)}`;
  link.textContent = nameOf(card);
  return link;
}
