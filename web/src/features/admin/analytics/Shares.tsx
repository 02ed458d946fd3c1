import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { AnalyticsShare } from '../../../gen/types';
import { nameOf } from './words';
import { useLocale } from '../../../i18n/i18n';
import { useDesk } from '../words';

const SHOWN = 8;

interface Props {
  title: string;
  shares: AnalyticsShare[];
  /** What a key is called. */
  name?: (key: string) => string;
}

/** Kinds among several, as bars with their numbers: read, not guessed. */
export function Shares({ title, shares, name }: Props) {
  const [t, locale] = [useDesk(), useLocale()];
  const most = Math.max(1, ...shares.map((share) => share.value));
  return (
    <Box component="section">
      <Typography variant="h3" component="h2" sx={{ mb: 1 }}>
        {title}
      </Typography>
      {shares.length === 0 && <Typography color="text.secondary">{t('stats.none_here')}</Typography>}
      <Box component="ul" sx={{ p: 0, m: 0, display: 'grid', gap: 0.75 }}>
        {shares.slice(0, SHOWN).map((share) => (
          <Box component="li" key={share.key} sx={{ listStyle: 'none' }}>
            <Box sx={{ display: 'flex', justifyContent: 'space-between', fontWeight: 700 }}>
              <span>{name ? name(share.key) : nameOf(share.key, t)}</span>
              <span>{share.value.toLocaleString(locale)}</span>
            </Box>
            <Box aria-hidden sx={{ height: 10, borderRadius: 9, bgcolor: 'action.hover' }}>
              <Box
                sx={{
                  height: 1,
                  borderRadius: 9,
                  bgcolor: 'primary.main',
                  width: `${(share.value / most) * 100}%`,
                }}
              />
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}
