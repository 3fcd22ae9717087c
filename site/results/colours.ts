// Figures in the page's own colours; curves in those of the report, light or dark.
import { THEMES, type Theme } from '../../figures/theme.ts';

export const PAGE_THEME: Theme = {
  background: 'var(--paper)',
  text: 'var(--ink)',
  soft: 'var(--soft)',
  faint: 'var(--line)',
  colours: THEMES.light.colours.map((light, i) => `light-dark(${light}, ${THEMES.dark.colours[i]})`),
};
