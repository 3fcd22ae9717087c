// Colours of figures. Blue, orange and bluish green stay apart in every common kind of colour blindness.

/** Any CSS colours. */
export type Theme = {
  background: string;
  text: string;
  /** Of axes' labels. */
  soft: string;
  /** Of grid lines. */
  faint: string;
  /** By the number of a series' colour. */
  colours: readonly string[];
};

/** Those of the pages that show README files. */
export const THEMES = {
  light: {
    background: '#ffffff',
    text: '#1f2328',
    soft: '#59636e',
    faint: '#d8dee4',
    colours: ['#0b63c5', '#b54708', '#0f766e'],
  },
  dark: {
    background: '#0d1117',
    text: '#e6edf3',
    soft: '#9198a1',
    faint: '#30363d',
    colours: ['#6cb6ff', '#f0a35e', '#5cc9b0'],
  },
} as const satisfies Record<string, Theme>;
