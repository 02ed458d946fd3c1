import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { useId, useState, type HTMLAttributes } from 'react';
import { useT } from '../../i18n/i18n';
import { Avatar } from './Avatar';
import type { Link } from './connection';
import type { Persona } from './persona';
import { ShareMenu } from './ShareMenu';

interface Props {
  persona: Persona;
  restaurant: string;
  link: Link;
  /** Dragging the header down closes a sheet. */
  handle: HTMLAttributes<HTMLElement>;
  onClose: () => void;
  onNew: () => void;
}

export function PanelHeader({ persona, restaurant, link, handle, onClose, onNew }: Props) {
  const t = useT();
  const [more, setMore] = useState(false);
  const id = useId();
  return (
    <>
      <Box
        {...handle}
        sx={(theme) => ({
          position: 'relative',
          display: 'flex',
          alignItems: 'center',
          gap: 1.5,
          p: 1.75,
          pt: 'max(18px, env(safe-area-inset-top))',
          touchAction: 'none',
          color: '#3a2116',
          background: 'linear-gradient(115deg, #ffd99f, #ffc0a8 70%, #f9b3c8)',
          ...theme.applyStyles('dark', {
            color: '#fff1e0',
            background: 'linear-gradient(115deg, #6d3b1c, #6b2f2b 70%, #6a2844)',
          }),
        })}
      >
        <Box
          aria-hidden
          sx={{
            display: { sm: 'none' },
            position: 'absolute',
            top: 7,
            insetInlineStart: 'calc(50% - 22px)',
            width: 44,
            height: 5,
            borderRadius: 9,
            bgcolor: 'currentColor',
            opacity: 0.35,
          }}
        />
        <Avatar persona={persona} size={48} lively={link === 'open'} />
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="h3" component="h2">
            {persona.name}
          </Typography>
          <Typography noWrap sx={{ fontSize: '.88rem' }} data-testid="chat-link" data-link={link}>
            {restaurant} · {t(`chat.link.${link}`)}
          </Typography>
        </Box>
        <IconButton
          data-testid="chat-more"
          aria-label={t('chat.more')}
          aria-expanded={more}
          aria-controls={id}
          onClick={() => setMore(!more)}
          sx={{ color: 'inherit', width: 44, height: 44 }}
        >
          <span aria-hidden>⋯</span>
        </IconButton>
        <IconButton
          data-testid="close-chat"
          aria-label={t('chat.close')}
          onClick={onClose}
          sx={{ color: 'inherit', width: 44, height: 44 }}
        >
          <span aria-hidden>✕</span>
        </IconButton>
      </Box>
      {more && <ShareMenu id={id} name={persona.name} onNew={onNew} />}
    </>
  );
}
