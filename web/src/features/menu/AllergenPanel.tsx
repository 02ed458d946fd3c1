import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { AllergenInfo } from '../../gen/types';
import { useLocale, useT } from '../../i18n/i18n';
import { allergenIcon, allergenName, allergenWords } from './allergens';

const TONES = { contains: 'error', may_contain: 'warning', free_of: 'success' } as const;

function Row({ kind, wires }: { kind: keyof typeof TONES; wires: string[] }) {
  const t = useT();
  if (wires.length === 0) return null;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
      <Typography sx={{ fontWeight: 800, minWidth: 120 }} color={`${TONES[kind]}.main`}>
        {t(`allergens.${kind}`)}
      </Typography>
      {wires.map((wire) => (
        <Box
          key={wire}
          component="span"
          sx={{
            display: 'inline-flex',
            gap: 0.75,
            px: 1.5,
            py: 0.5,
            borderRadius: 99,
            border: '1.5px solid',
            borderColor: `${TONES[kind]}.main`,
            fontWeight: 700,
          }}
        >
          <span aria-hidden>{allergenIcon(wire)}</span>
          {allergenName(t, wire)}
        </Box>
      ))}
    </Box>
  );
}

/** All that is known, and not known, about a dish's allergens: in words and pictures, with who looked and when. */
export function AllergenPanel({ info }: { info: AllergenInfo }) {
  const [t, locale] = [useT(), useLocale()];
  const { contains, may_contain, free_of, unknown, reviewed } = allergenWords(info, t, locale);
  const by = reviewed && info.reviewed_by ? ` ${t('allergens.by', { name: info.reviewed_by })}` : '';
  return (
    <Box sx={{ display: 'grid', gap: 1.25 }} data-testid="allergen-panel">
      <Row kind="contains" wires={contains} />
      <Row kind="may_contain" wires={may_contain} />
      <Row kind="free_of" wires={free_of} />
      {unknown && (
        <Typography color="warning" sx={{ fontWeight: 800 }}>
          <span aria-hidden>❓ </span>
          {unknown}
        </Typography>
      )}
      {reviewed && (
        <Typography>
          <span aria-hidden>🔎 </span>
          {reviewed}
          {by}
        </Typography>
      )}
      <Typography color="text.secondary" sx={{ fontSize: '.88rem' }}>
        {t('allergens.caution')}
      </Typography>
    </Box>
  );
}
