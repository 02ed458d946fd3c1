import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Fragment } from 'react';
import type { AllergenInfo } from '../../gen/types';
import { useLocale, useT } from '../../i18n/i18n';
import { allergenIcon, allergenName, allergenWords } from './allergens';

function Line({ label, wires }: { label: string; wires: string[] }) {
  const t = useT();
  if (wires.length === 0) return null;
  return (
    <Typography>
      <b>{label}</b>{' '}
      {wires.map((wire, at) => (
        // The line may only break between two of them, so the comma stands outside.
        <Fragment key={wire}>
          {at > 0 && ', '}
          <Box component="span" sx={{ whiteSpace: 'nowrap' }}>
            <span aria-hidden>{allergenIcon(wire)}&nbsp;</span>
            {allergenName(t, wire)}
          </Box>
        </Fragment>
      ))}
    </Typography>
  );
}

/** The allergens of one dish on its card, in few words. */
export function AllergenNote({ info }: { info: AllergenInfo }) {
  const [t, locale] = [useT(), useLocale()];
  const { contains, may_contain, unknown, reviewed } = allergenWords(info, t, locale);
  return (
    <Box
      data-testid="allergens"
      sx={{
        mt: 1.5,
        pt: 1.25,
        borderTop: '1.5px dashed',
        borderColor: 'divider',
        display: 'grid',
        gap: 0.25,
        '& p': { fontSize: '.86rem' },
      }}
    >
      <Line label={t('allergens.contains')} wires={contains} />
      <Line label={t('allergens.may_contain')} wires={may_contain} />
      {unknown && (
        <Typography color="warning" sx={{ fontWeight: 700 }}>
          {unknown}
        </Typography>
      )}
      {reviewed && <Typography color="text.secondary">{reviewed}</Typography>}
    </Box>
  );
}
