// The clipboard, where the browser lets a page at it.

/** Whether `text` is in the clipboard now: not without permission, nor on a page without TLS. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
