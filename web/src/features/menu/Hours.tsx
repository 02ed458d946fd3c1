import { Fragment, useEffect, useState } from 'react';
import type { Restaurant } from '../../gen/types';
import { useLocale, useT, type Translate } from '../../i18n/i18n';
import { openingAt, spansOf, WEEKDAYS, type Opening, type Weekday } from './hours';
import './Hours.css';

const MINUTE = 60_000;

function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Any date of that weekday: 5 January 2026 was a Monday. */
export const dayName = (day: Weekday, locale: string) =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
    Date.UTC(2026, 0, 5 + WEEKDAYS.indexOf(day)),
  );

const clock = (time: string, locale: string) =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(`2026-01-05T${time}:00Z`),
  );

function rest(opening: Opening, t: Translate, locale: string): string {
  if (opening.open) return t('hours.until', { time: clock(opening.until, locale) });
  if (!opening.at) return '';
  const time = clock(opening.at.time, locale);
  return opening.at.days_ahead === 0
    ? t('hours.opens_today', { time })
    : t('hours.opens_day', { day: dayName(opening.at.day, locale), time });
}

function Week({ restaurant }: { restaurant: Restaurant }) {
  const [t, locale] = [useT(), useLocale()];
  return (
    <div className="hours-week">
      {WEEKDAYS.map((day) => {
        const spans = spansOf(restaurant.hours, day);
        return (
          <Fragment key={day}>
            <b>{dayName(day, locale)}</b>
            <span className={spans.length ? undefined : 'soft'}>
              {spans.map((span) => `${clock(span.from, locale)} – ${clock(span.to, locale)}`).join(', ') ||
                t('hours.none')}
            </span>
          </Fragment>
        );
      })}
      <p className="soft small">{t('hours.zone', { zone: restaurant.timezone.replaceAll('_', ' ') })}</p>
    </div>
  );
}

/** Open or closed, until when, and the whole week on a tap. Nothing for a restaurant that tells no hours. */
export function Hours({ restaurant }: { restaurant: Restaurant }) {
  const [t, locale, now] = [useT(), useLocale(), useMinute()];
  const [unfolded, setUnfolded] = useState(false);
  const opening = openingAt(restaurant.hours, restaurant.timezone, now);
  if (!opening) return null;
  const state = t(opening.open ? 'hours.open' : 'hours.closed');
  const more = rest(opening, t, locale);
  return (
    <details
      data-testid="hours"
      className="hours"
      onToggle={(event) => setUnfolded(event.currentTarget.open)}
    >
      <summary className="control" aria-label={`${state} ${more}. ${t('hours.title')}`}>
        <span aria-hidden className={opening.open ? 'hours-lamp open' : 'hours-lamp'} />
        <b>{state}</b>
        <span className="soft">{more}</span>
        <span aria-hidden className="small">
          ▾
        </span>
      </summary>
      {unfolded && <Week restaurant={restaurant} />}
    </details>
  );
}
