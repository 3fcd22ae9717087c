// The query of an address: its parameters as text, and those of strangers, which mean nothing here.
import { Problem } from './problem.ts';

/** What others append to links that they pass on: campaigns by their first letters, … */
const PREFIXES = [
  'utm_',
  'mtm_',
  'matomo_',
  'pk_',
  'piwik_',
  'hsa_',
  'at_',
  'gad_',
  'vero_',
  'oly_',
  'guce_',
  '__hs',
];
/** … and by name clicks, mailings, versions, "do not track" and what keeps a cache from answering. */
const NAMES = new Set(
  `fbclid gclid gclsrc gbraid wbraid dclid srsltid msclkid yclid ysclid twclid ttclid rdt_cid sccid ScCid epik igshid igsh
  li_fat_id mc_cid mc_eid mkt_tok _hsenc _hsmi hsCtaTracking _ga _gl _kx _openstat _branch_match_id __s __twitter_impression
  s_cid s_kwcid sc_cid ef_id dm_i cmpid wickedid rb_clickid spm trk amp guccounter si v ver ref ref_src ref_url dnt
  _ cb cachebust cachebuster nocache`.split(/\s+/),
);

export const isStranger = (name: string): boolean =>
  NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));

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
