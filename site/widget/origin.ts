// Where this script came from, whichever way it was loaded.

/** The addresses of a stack begin with that of the function that made it. */
const innermost = (stack: string | undefined): string | undefined => stack?.match(/https?:\/\/[^\s()]+/)?.[0];

/**
 * The origin of the file that calls this while it is evaluated; undefined where no address is known. The element of a
 * classic script, deferred or not, says its address; a module, imported or not, has none, and is at the top of a stack.
 */
export function originOfScript(): string | undefined {
  const element = document.currentScript;
  const address =
    element instanceof HTMLScriptElement && element.src ? element.src : innermost(new Error().stack);
  return address && new URL(address).origin;
}
