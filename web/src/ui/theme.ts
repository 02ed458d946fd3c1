import { createTheme } from '@mui/material/styles';
import palette from './palette.json';

const display = 'var(--font-display)';

const scheme = (colors: typeof palette.light) => ({
  palette: {
    primary: { main: colors.primary, contrastText: colors['on-primary'] },
    secondary: { main: colors.secondary, contrastText: colors['on-secondary'] },
    success: { main: colors.good },
    warning: { main: colors.warn },
    error: { main: colors.bad },
    background: { default: colors.ground, paper: colors.paper },
    text: { primary: colors.ink, secondary: colors['ink-soft'] },
    divider: colors.line,
  },
});

/** The look of base.css and palette.json for what is made of MUI's parts: the desk, and the assistant's panel. */
export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-scheme' },
  colorSchemes: { light: scheme(palette.light), dark: scheme(palette.dark) },
  shape: { borderRadius: 18 },
  typography: {
    fontFamily: 'var(--font-body)',
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
        root: { '&.Mui-focusVisible': { outline: '3px solid var(--secondary)', outlineOffset: 2 } },
      },
    },
  },
});
