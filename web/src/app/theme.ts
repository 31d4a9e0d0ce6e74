// FlashFit's own look: mulberry on warm paper, a Bodoni for what is said aloud, Figtree for the rest.
import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Modal,
  Tooltip,
} from '@mantine/core';

const mulberry: MantineColorsTuple = [
  '#fbf0f4',
  '#f4dde5',
  '#e8b8c8',
  '#dd94ad',
  '#cd6a8c',
  '#b94871',
  '#a2345d',
  '#872a4d',
  '#6d223f',
  '#4f172d',
];

const saffron: MantineColorsTuple = [
  '#fdf6e6',
  '#f9e9c6',
  '#f2d493',
  '#ecc06a',
  '#e4ac45',
  '#d0942a',
  '#a9741a',
  '#825813',
  '#62430f',
  '#432e0b',
];

const sage: MantineColorsTuple = [
  '#f0f5f0',
  '#deeade',
  '#bdd4be',
  '#98bb9b',
  '#78a37d',
  '#5f8c66',
  '#4a7452',
  '#3a5d42',
  '#2c4733',
  '#1e3224',
];

/** Greys with a drop of the mulberry in them, so that nothing looks cold beside the photos. */
const gray: MantineColorsTuple = [
  '#faf7f5',
  '#efe8e4',
  '#ebe3df',
  '#ddd2cd',
  '#c9bbb7',
  '#a59495',
  '#706166',
  '#55474d',
  '#3b2e34',
  '#241a1f',
];

const dark: MantineColorsTuple = [
  '#f1e9e7',
  '#d9cccb',
  '#b9a9ab',
  '#94828a',
  '#54434c',
  '#42333b',
  '#2d2129',
  '#1c1419',
  '#150f13',
  '#0f0a0d',
];

export const theme = createTheme({
  colors: { mulberry, saffron, sage, gray, dark },
  primaryColor: 'mulberry',
  primaryShade: { light: 7, dark: 5 },
  black: '#2a1d23',
  fontFamily: "'Figtree Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontFamily: "'Bodoni Moda Variable', 'Bodoni 72', Didot, Georgia, serif",
    fontWeight: '520',
    sizes: {
      h1: { fontSize: 'clamp(1.75rem, 1.3rem + 1.9vw, 2.5rem)', lineHeight: '1.12' },
      h2: { fontSize: '1.4rem', lineHeight: '1.2' },
      h3: { fontSize: '1.15rem', lineHeight: '1.3' },
    },
  },
  defaultRadius: 'md',
  radius: { sm: '6px', md: '10px', lg: '16px', xl: '24px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg' },
      styles: {
        title: {
          fontFamily: 'var(--mantine-font-family-headings)',
          fontSize: '1.3rem',
          fontWeight: 520,
        },
      },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true } }),
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--ff-accent': mulberry[7],
    '--ff-paper': '#f8f4f1',
    '--ff-well': '#efe8e4',
    '--ff-line': '#e5dbd6',
    '--ff-stitch': '#c7b1b3',
    '--ff-photo': '#efe8e4',
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-default-border': '#d8ccc7',
    '--mantine-color-placeholder': '#7d6e73',
    '--mantine-color-error': '#b3261e',
  },
  dark: {
    '--ff-accent': mulberry[3],
    '--ff-paper': '#191216',
    '--mantine-color-anchor': mulberry[3],
    '--ff-well': '#2a1f26',
    '--ff-line': '#3a2c34',
    '--ff-stitch': '#6b5460',
    '--ff-photo': '#33272e',
    '--mantine-color-body': '#221920',
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-default': '#2a1f26',
    '--mantine-color-default-border': '#54434c',
    '--mantine-color-error': '#f2a097',
  },
});
