import { useMemo } from 'react';
import { brandVariables, type Variables } from './brand';

const print = (variables: Variables) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}:${value}`)
    .join(';');

/** Dresses the whole app in a restaurant's colours for as long as it is shown. More specific than what it overrides, wherever that is loaded. */
export function Brand({ theme }: { theme: unknown }) {
  const styles = useMemo(() => {
    const brand = brandVariables(theme);
    return brand && `:root:root{${print(brand.light)}}:root[data-scheme=dark]{${print(brand.dark)}}`;
  }, [theme]);
  return styles && <style>{styles}</style>;
}
