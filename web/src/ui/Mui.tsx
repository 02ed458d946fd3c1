import { ThemeProvider } from '@mui/material/styles';
import type { ReactNode } from 'react';
import { theme } from './theme';

/** MUI may not write to the document which colours are on: that is scheme.ts's business. (Its types leave this one out.) */
const OURS = { colorSchemeNode: null };

/** Around whatever is made of MUI's parts, so that only those who see it load it. */
export function Mui({ children }: { children: ReactNode }) {
  return (
    <ThemeProvider theme={theme} defaultMode="system" disableTransitionOnChange {...OURS}>
      {children}
    </ThemeProvider>
  );
}
