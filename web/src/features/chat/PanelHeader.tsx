import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import type { Persona } from './Assistant';
import type { Link } from './connection';

const LINK_WORDS: Record<Link, string> = {
  open: 'here for you',
  connecting: 'connecting…',
  waiting: 'reconnecting…',
  closed: 'away',
};

interface Props {
  persona: Persona;
  restaurant: string;
  link: Link;
  onClose: () => void;
}

export function PanelHeader({ persona, restaurant, link, onClose }: Props) {
  return (
    <Box
      sx={(theme) => ({
        display: 'flex',
        alignItems: 'center',
        gap: 1.5,
        p: 1.75,
        pt: 'max(14px, env(safe-area-inset-top))',
        color: '#3a2116',
        background: 'linear-gradient(115deg, #ffd08a, #ffb3a0 70%, #f7a0bd)',
        ...theme.applyStyles('dark', {
          color: '#fff1e0',
          background: 'linear-gradient(115deg, #6d3b1c, #6b2f2b 70%, #6a2844)',
        }),
      })}
    >
      <Box
        aria-hidden
        sx={{
          width: 46,
          height: 46,
          borderRadius: '50%',
          display: 'grid',
          placeItems: 'center',
          fontSize: '1.6rem',
          bgcolor: 'rgb(255 255 255 / .55)',
        }}
      >
        {persona.emoji}
      </Box>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography variant="h3" component="h2">
          {persona.name}
        </Typography>
        <Typography noWrap sx={{ fontSize: '.86rem' }} data-testid="chat-link">
          {restaurant} · {LINK_WORDS[link]}
        </Typography>
      </Box>
      <IconButton
        data-testid="close-chat"
        aria-label="Close the chat"
        onClick={onClose}
        sx={{ color: 'inherit', width: 44, height: 44 }}
      >
        <span aria-hidden>✕</span>
      </IconButton>
    </Box>
  );
}
