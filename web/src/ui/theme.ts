import { createTheme } from '@mui/material/styles';

const display = '"Fraunces Variable", Georgia, "Times New Roman", serif';
const body = '"Nunito Variable", "Segoe UI", system-ui, sans-serif';

/** Colours of a bakery: crust, butter, raspberry, mint; cream paper by day, espresso by night. */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-scheme' },
  colorSchemes: {
    light: {
      palette: {
        primary: { main: '#a3430f', contrastText: '#fffaf2' },
        secondary: { main: '#a82a5a', contrastText: '#fffaf2' },
        success: { main: '#2f6b4a' },
        warning: { main: '#8a5a00' },
        error: { main: '#b3261e' },
        background: { default: '#fff6e9', paper: '#fffdf9' },
        text: { primary: '#3a2116', secondary: '#6b4a39' },
        divider: '#efdcc3',
      },
    },
    dark: {
      palette: {
        primary: { main: '#f5aa63', contrastText: '#2a150a' },
        secondary: { main: '#f29ab8', contrastText: '#3a1023' },
        success: { main: '#93d3ae' },
        warning: { main: '#f3c969' },
        error: { main: '#ffb4ab' },
        background: { default: '#1d130e', paper: '#2a1c15' },
        text: { primary: '#fbeedd', secondary: '#d9bfa8' },
        divider: '#4a3427',
      },
    },
  },
  shape: { borderRadius: 18 },
  typography: {
    fontFamily: body,
    h1: {
      fontFamily: display,
      fontWeight: 700,
      letterSpacing: '-0.02em',
      fontSize: 'clamp(2.3rem, 6vw, 3.9rem)',
      lineHeight: 1.05,
    },
    h2: {
      fontFamily: display,
      fontWeight: 650,
      fontSize: 'clamp(1.5rem, 3.4vw, 2.1rem)',
      letterSpacing: '-0.01em',
    },
    h3: { fontFamily: display, fontWeight: 600, fontSize: '1.18rem', lineHeight: 1.25 },
    button: { textTransform: 'none', fontWeight: 700 },
    body1: { lineHeight: 1.55 },
  },
  components: {
    MuiButton: { defaultProps: { disableElevation: true }, styleOverrides: { root: { borderRadius: 999 } } },
    MuiChip: { styleOverrides: { root: { fontWeight: 600 } } },
    MuiButtonBase: {
      styleOverrides: {
        root: {
          '&.Mui-focusVisible': { outline: '3px solid var(--mui-palette-secondary-main)', outlineOffset: 2 },
        },
      },
    },
    MuiCssBaseline: {
      styleOverrides: {
        html: {
          scrollBehavior: 'smooth',
          scrollPaddingTop: 88,
          accentColor: 'var(--mui-palette-primary-main)',
        },
        body: { overflowWrap: 'anywhere' },
        '@media (prefers-reduced-motion: reduce)': { html: { scrollBehavior: 'auto' } },
      },
    },
  },
});
