import type { MenuItem } from '../../gen/types';
import { useLocale, useT } from '../../i18n/i18n';

function when(timestamp: string | null, locale: string): string | null {
  const date = new Date(timestamp ?? '');
  if (Number.isNaN(date.getTime()) || date.getTime() < Date.now()) return null;
  const sameDay = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(
    locale,
    sameDay ? { timeStyle: 'short' } : { weekday: 'short', hour: 'numeric', minute: '2-digit' },
  ).format(date);
}

/** A paper label across a dish that cannot be had now, with when it is back. */
export function SoldOut({ item }: { item: MenuItem }) {
  const [t, locale] = [useT(), useLocale()];
  if (item.is_available) return null;
  const back = when(item.available_again_at, locale);
  return (
    <div data-testid="sold-out" className="sold-out">
      {t('menu.sold_out')}
      {back && ` · ${t('menu.back_at', { when: back })}`}
    </div>
  );
}
