import { useEffect, useRef, useState } from 'react';
import { useLocale, useT } from '../../i18n/i18n';
import { formatPrice } from '../../lib/money';
import './Price.css';

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
  const looks = [price === null && 'words', large && 'large', changed && 'changed'].filter(Boolean);
  return (
    <span
      data-testid="menu-price"
      className={['price', ...looks].join(' ')}
      title={changed ? t('menu.changed') : undefined}
    >
      {price === null ? t('menu.market_price') : formatPrice(price, currency, locale)}
    </span>
  );
}
