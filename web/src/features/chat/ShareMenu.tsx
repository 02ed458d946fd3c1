import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useT } from '../../i18n/i18n';
import { track } from '../analytics/track';
import { linkOf } from './session';
import { useShop } from './shop';

interface Props {
  id: string;
  name: string;
  onNew: () => void;
}

/** Take the conversation to another device, or leave it behind. */
export function ShareMenu({ id, name, onNew }: Props) {
  const t = useT();
  const { slug, session_id } = useShop();
  const [said, setSaid] = useState<string | null>(null);
  const [leaving, setLeaving] = useState(false);

  async function copy() {
    const link = linkOf(slug, session_id);
    try {
      await navigator.clipboard.writeText(link);
      setSaid(t('share.copied'));
    } catch {
      setSaid(`${t('share.failed')} ${link}`);
    }
  }

  return (
    <Box
      id={id}
      data-testid="share-menu"
      sx={{
        px: 2,
        py: 1.25,
        borderBottom: 1,
        borderColor: 'divider',
        display: 'grid',
        gap: 0.5,
        justifyItems: 'start',
      }}
    >
      <Button
        size="small"
        data-testid="share-button"
        onClick={() => {
          track('share');
          void copy();
        }}
      >
        <span aria-hidden>📲&nbsp;</span>
        {t('share.button')}
      </Button>
      <Typography role="status" color="text.secondary" sx={{ fontSize: '.88rem' }}>
        {said}
      </Typography>
      {leaving ? (
        <Box>
          <Typography sx={{ fontSize: '.92rem' }}>{t('share.new_confirm', { name })}</Typography>
          <Button size="small" color="error" data-testid="new-confirm" onClick={onNew}>
            {t('share.new_yes')}
          </Button>
          <Button size="small" onClick={() => setLeaving(false)}>
            {t('share.new_no')}
          </Button>
        </Box>
      ) : (
        <Button size="small" data-testid="new-button" onClick={() => setLeaving(true)}>
          <span aria-hidden>🌱&nbsp;</span>
          {t('share.new')}
        </Button>
      )}
    </Box>
  );
}
