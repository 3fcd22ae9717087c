// The query of an address: its parameters as text, and those of strangers, which mean nothing here.
import { Problem } from './problem.ts';

/** What others append to links that they pass on: campaigns, clicks, versions, "do not track". */
const STRANGER =
  /^(utm_.*|mtm_.*|pk_.*|hsa_.*|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id|mc_[ce]id|mkt_tok|_hsenc|_hsmi|_ga|_gl|_|si|v|ver|ref|ref_src|ref_url|dnt)$/;

export const isStranger = (name: string): boolean => STRANGER.test(name);

function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    const value = decodeURIComponent(text.replaceAll('+', ' '));
    if (!value.includes('\0')) return value;
  } catch {
    // Said below.
  }
  const rule = 'must be UTF-8 in percent-encoding, without the character U+0000';
  throw new Problem(400, `the address ${rule}`, [{ parameter: 'address', rule, value: text }]);
}

/**
 * Parameters by name, without a prototype; one that is given twice is an array, which no schema takes.
 * @throws Problem 400 when an escape is none.
 */
export function readQuery(url: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = Object.create(null);
  const start = url.indexOf('?');
  if (start < 0) return query;
  const end = url.indexOf('#', start);
  for (const pair of url.slice(start + 1, end < 0 ? undefined : end).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decoded(pair.slice(equals + 1));
    const before = query[name];
    query[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return query;
}

/** An address without the parameters of strangers: the one that answers name. */
export function ownAddress(address: string): URL {
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()]) if (isStranger(name)) url.searchParams.delete(name);
  return url;
}
