import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import type { Restaurant } from '../../gen/types';
import { useLocale, useT, type Translate } from '../../i18n/i18n';
import { openingAt, spansOf, WEEKDAYS, type Opening, type Weekday } from './hours';

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
const dayName = (day: Weekday, locale: string) =>
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
    <Box sx={{ p: 2.25, display: 'grid', gridTemplateColumns: 'auto 1fr', columnGap: 3, rowGap: 0.5 }}>
      {WEEKDAYS.map((day) => {
        const spans = spansOf(restaurant.hours, day);
        return (
          <Box key={day} sx={{ display: 'contents' }}>
            <Typography sx={{ fontWeight: 700 }}>{dayName(day, locale)}</Typography>
            <Typography color={spans.length ? 'text.primary' : 'text.secondary'}>
              {spans.map((span) => `${clock(span.from, locale)} – ${clock(span.to, locale)}`).join(', ') ||
                t('hours.none')}
            </Typography>
          </Box>
        );
      })}
      <Typography color="text.secondary" sx={{ gridColumn: '1 / -1', pt: 1, fontSize: '.85rem' }}>
        {t('hours.zone', { zone: restaurant.timezone.replaceAll('_', ' ') })}
      </Typography>
    </Box>
  );
}

/** Open or closed, until when, and the whole week on a tap. Nothing for a restaurant that tells no hours. */
export function Hours({ restaurant }: { restaurant: Restaurant }) {
  const [t, locale, now] = [useT(), useLocale(), useMinute()];
  const opening = openingAt(restaurant.hours, restaurant.timezone, now);
  if (!opening) return null;
  return (
    <Box component="details" data-testid="hours" sx={{ position: 'relative' }}>
      <Box
        component="summary"
        aria-label={`${t(opening.open ? 'hours.open' : 'hours.closed')}, ${rest(opening, t, locale)}. ${t('hours.title')}`}
        sx={{
          display: 'inline-flex',
          maxWidth: '100%',
          alignItems: 'center',
          gap: 1,
          px: 2,
          minHeight: 44,
          borderRadius: 99,
          bgcolor: 'background.paper',
          border: 1,
          borderColor: 'divider',
          cursor: 'pointer',
          listStyle: 'none',
          '&::-webkit-details-marker': { display: 'none' },
        }}
      >
        <Box
          aria-hidden
          sx={{
            width: 10,
            height: 10,
            borderRadius: '50%',
            bgcolor: opening.open ? 'success.main' : 'error.main',
          }}
        />
        <Typography component="span" noWrap sx={{ fontWeight: 800, flexShrink: 0 }}>
          {t(opening.open ? 'hours.open' : 'hours.closed')}
        </Typography>
        <Typography component="span" noWrap color="text.secondary">
          {rest(opening, t, locale)}
        </Typography>
        <Box component="span" aria-hidden sx={{ fontSize: '.75rem', opacity: 0.7 }}>
          ▾
        </Box>
      </Box>
      <Box
        sx={{
          position: 'absolute',
          zIndex: 8,
          mt: 1,
          minWidth: 'min(330px, 88vw)',
          bgcolor: 'background.paper',
          borderRadius: '20px',
          border: 1,
          borderColor: 'divider',
          boxShadow: '0 24px 50px -18px rgb(60 30 10 / .5)',
        }}
      >
        <Week restaurant={restaurant} />
      </Box>
    </Box>
  );
}
