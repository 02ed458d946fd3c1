import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { AuditEntry } from '../../../gen/types';
import { words } from '../imports/rowWords';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { Pager } from '../parts/Pager';
import { Trouble } from '../parts/Trouble';
import { at, useList } from '../queries';
import { useLocale } from '../../../i18n/i18n';
import { useDesk } from '../words';

const LIMIT = 50;

/** Members that say nothing to people. */
const HIDDEN = new Set(['etag', 'updated_at', 'created_at', 'id', 'restaurant_id', 'menu_version']);

function Entry({ entry }: { entry: AuditEntry }) {
  const [t, locale] = [useDesk(), useLocale()];
  const fields = [...new Set([...Object.keys(entry.before ?? {}), ...Object.keys(entry.after ?? {})])].filter(
    (field) => !HIDDEN.has(field),
  );
  return (
    <Box
      component="li"
      data-testid="audit-entry"
      sx={{
        listStyle: 'none',
        p: 1.75,
        border: 1,
        borderColor: 'divider',
        borderRadius: '18px',
        bgcolor: 'background.paper',
      }}
    >
      <Typography sx={{ fontWeight: 800 }}>
        {entry.action.replaceAll('_', ' ')}
        {entry.target_name && <>: {entry.target_name}</>}
      </Typography>
      <Typography color="text.secondary" sx={{ fontSize: '.88rem' }}>
        {entry.user_email ?? t('audit.platform')} · {new Date(entry.created_at).toLocaleString(locale)} ·{' '}
        {t('audit.version', { version: entry.menu_version ?? 0 })}
      </Typography>
      {fields.map((field) => (
        <Typography key={field} sx={{ fontSize: '.92rem' }} dir="auto">
          <b>{field.replaceAll('_', ' ')}</b>: <del>{words(entry.before?.[field])}</del> →{' '}
          <ins>{words(entry.after?.[field])}</ins>
        </Typography>
      ))}
    </Box>
  );
}

/** Who changed what, before and after, newest first. */
export default function AuditPage({ restaurant }: PageProps) {
  const t = useDesk();
  const [offset, setOffset] = useState(0);
  const { data, error } = useList<AuditEntry>(`${at.restaurant(restaurant.slug)}/audit`, offset, LIMIT);
  return (
    <>
      <PageTitle lead={t('audit.lead')}>{t('page.audit')}</PageTitle>
      <Trouble error={error} />
      <Box component="ul" sx={{ p: 0, m: 0, display: 'grid', gap: 1 }}>
        {data?.rows.map((entry) => (
          <Entry key={entry.operation_id + (entry.target_id ?? '')} entry={entry} />
        ))}
      </Box>
      {data?.total === 0 && <Typography color="text.secondary">{t('audit.none')}</Typography>}
      <Pager offset={offset} limit={LIMIT} total={data?.total ?? 0} onMove={setOffset} />
    </>
  );
}
