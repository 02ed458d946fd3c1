import Typography from '@mui/material/Typography';
import { keyframes } from '@mui/material/styles';
import { useEffect, useRef, useState } from 'react';
import { useLocale, useT } from '../../i18n/i18n';
import { formatPrice } from '../../lib/money';

const glow = keyframes`0% { background: var(--brand-glow, #ffc676) } 100% { background: transparent }`;

/** True for a while after `value` changed; not when it is first shown. */
function useChanged(value: unknown): boolean {
  const before = useRef(value);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    setChanged(true);
    const timer = setTimeout(() => setChanged(false), 4000);
    return () => clearTimeout(timer);
  }, [value]);
  return changed;
}

/** A price in the restaurant's currency and the guest's way of writing; it lights up when it changes while being looked at. */
export function Price({
  price,
  currency,
  large,
}: {
  price: number | null;
  currency: string;
  large?: boolean;
}) {
  const [t, locale] = [useT(), useLocale()];
  const changed = useChanged(price);
  return (
    <Typography
      data-testid="menu-price"
      component="span"
      title={changed ? t('menu.changed') : undefined}
      sx={{
        px: 0.75,
        mx: -0.75,
        borderRadius: '10px',
        fontWeight: 800,
        fontSize: large ? '1.5rem' : '1.05rem',
        color: 'primary.main',
        whiteSpace: price === null ? 'normal' : 'nowrap',
        textAlign: 'end',
        animation: changed ? `${glow} 4s` : 'none',
      }}
    >
      {price === null ? t('menu.market_price') : formatPrice(price, currency, locale)}
    </Typography>
  );
}
