// Elements of the page of results.
import { INDEX, withGroups, withMinus } from '../../figures/numbers.ts';

/** An element with attributes and children; an attribute that is undefined is left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | undefined> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Text with true minus signs, grouped digits and lowered indices. */
export const printed = (text: string): (Node | string)[] =>
  withGroups(withMinus(text))
    .split(INDEX)
    .map((part, i) => (i % 2 === 1 ? make('sub', {}, part) : part));
