import GlobalStyles from '@mui/material/GlobalStyles';
import { useMemo } from 'react';
import { brandVariables } from './brand';

/** Dresses the whole app in a restaurant's colours for as long as it is shown. */
export function Brand({ theme }: { theme: unknown }) {
  const styles = useMemo(() => {
    const brand = brandVariables(theme);
    return brand && { ':root, [data-scheme="light"]': brand.light, '[data-scheme="dark"]': brand.dark };
  }, [theme]);
  return styles && <GlobalStyles styles={styles} />;
}
