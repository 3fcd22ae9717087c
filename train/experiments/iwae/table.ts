// Table 1 of Burda et al. 2016, one stochastic layer, from its cells.

import type { Claim } from '../../../figures/section.ts';
import type { Row } from '../../../figures/table.ts';
import { type Cell, measured } from '../cells.ts';

/** The cell of a method at `k` samples; with one, all methods are the VAE. */
const cellOf = (cells: Map<string, Cell>, method: 'vae' | 'iwae' | 'dreg', k: number): Cell | undefined =>
  cells.get(`${k === 1 ? 'vae' : method}-k${k}`);

const ksOf = (cells: Map<string, Cell>): number[] =>
  [...new Set([...cells.values()].map(({ settings }) => Number(settings.k)))].sort((a, b) => a - b);

export const iwaeRows = (cells: Map<string, Cell>): Row[] =>
  ksOf(cells).map((k) => {
    const [vae, iwae, dreg] = (['vae', 'iwae', 'dreg'] as const).map((method) => cellOf(cells, method, k));
    return {
      k,
      'VAE NLL': measured(vae, 'nll'),
      'VAE active': measured(vae, 'active units'),
      'IWAE NLL': measured(iwae, 'nll'),
      'IWAE active': measured(iwae, 'active units'),
      'DReG NLL': measured(dreg, 'nll'),
      epochs: Number((vae ?? iwae)?.settings.epochs),
    };
  });

export function iwaeClaims(cells: Map<string, Cell>): Claim[] {
  const of = (method: 'vae' | 'iwae', name: string) => (k: number) =>
    cellOf(cells, method, k)?.values[name]?.value;
  const nll = { vae: of('vae', 'nll'), iwae: of('iwae', 'nll') };
  const active = { vae: of('vae', 'active units'), iwae: of('iwae', 'active units') };
  const both = ksOf(cells).filter((k) => k > 1 && nll.vae(k) !== undefined && nll.iwae(k) !== undefined);
  const trained = ksOf(cells).filter((k) => nll.iwae(k) !== undefined);
  const claims: Claim[] = [];
  if (both.length > 0) {
    const list = (text: (k: number) => string) => both.map((k) => `at k = ${k}, ${text(k)}`).join('; ');
    claims.push(
      {
        claim: 'IWAE is likelier than a VAE that averages as many samples',
        verdict: both.every((k) => nll.iwae(k)! < nll.vae(k)!) ? 'held' : 'not held',
        found: `NLL ${list((k) => `${nll.iwae(k)!.toFixed(2)} against ${nll.vae(k)!.toFixed(2)}`)}.`,
      },
      {
        claim: 'IWAE uses more of its latent units',
        verdict: both.every((k) => active.iwae(k)! > active.vae(k)!) ? 'held' : 'not held',
        found: `Active units ${list((k) => `${active.iwae(k)} against ${active.vae(k)}`)}.`,
      },
    );
  }
  if (trained.length > 1)
    claims.push({
      claim: 'IWAE gains from more samples',
      verdict: trained.slice(1).every((k, i) => nll.iwae(k)! < nll.iwae(trained[i]!)!) ? 'held' : 'not held',
      found: `NLL ${trained.map((k) => `${nll.iwae(k)!.toFixed(2)} with k = ${k}`).join(', ')}.`,
    });
  return claims;
}
