import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { Explain } from '../../../ui/Explain';
import type { PageProps } from '../pages';
import { PageTitle } from '../parts/PageTitle';
import { Pager } from '../parts/Pager';
import { Trouble } from '../parts/Trouble';
import type { Conversation } from '../../../gen/types';
import { at, useList } from '../queries';
import { ConversationView } from './ConversationView';
import { useLocale } from '../../../i18n/i18n';
import { useDesk } from '../words';

const LIMIT = 30;

function Row({ row, on, onOpen }: { row: Conversation; on: boolean; onOpen: () => void }) {
  const [t, locale] = [useDesk(), useLocale()];
  return (
    <ButtonBase
      data-testid="conversation"
      aria-pressed={on}
      onClick={onOpen}
      sx={{
        display: 'grid',
        placeContent: 'start stretch',
        textAlign: 'start',
        width: '100%',
        p: 1.5,
        gap: 0.25,
        fontFamily: 'inherit',
        borderRadius: '16px',
        border: '1.5px solid',
        borderColor: on ? 'primary.main' : 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Typography dir="auto" noWrap sx={{ fontWeight: 700 }}>
        {row.last_question ?? t('talks.no_question')}
      </Typography>
      <Typography color="text.secondary" sx={{ fontSize: '.86rem' }}>
        {new Date(row.last_activity).toLocaleString(locale)} · {t('talks.messages', { count: row.messages })}
        {row.thumbs_up > 0 && ` · 👍 ${row.thumbs_up}`}
        {row.thumbs_down > 0 && ` · 👎 ${row.thumbs_down}`}
      </Typography>
    </ButtonBase>
  );
}

/** What guests asked and were told. Who they are is not in it. */
export default function ConversationsPage({ restaurant }: PageProps) {
  const t = useDesk();
  const [offset, setOffset] = useState(0);
  const [params, setParams] = useSearchParams();
  const id = params.get('id');
  const { data, error } = useList<Conversation>(at.chat(restaurant.slug, 'conversations'), offset, LIMIT);
  return (
    <>
      <PageTitle lead={t('talks.lead')}>{t('page.conversations')}</PageTitle>
      <Trouble error={error} />
      {data?.total === 0 && (
        <Explain picture="💬" title={t('talks.none_title')} level="h2">
          {t('talks.none')}
        </Explain>
      )}
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { lg: '340px minmax(0, 1fr)' } }}>
        <Box>
          <Box sx={{ display: 'grid', gap: 1 }}>
            {data?.rows.map((row) => (
              <Row key={row.id} row={row} on={row.id === id} onOpen={() => setParams({ id: row.id })} />
            ))}
          </Box>
          <Pager offset={offset} limit={LIMIT} total={data?.total ?? 0} onMove={setOffset} />
        </Box>
        {id && <ConversationView restaurant={restaurant} id={id} />}
      </Box>
    </>
  );
}
