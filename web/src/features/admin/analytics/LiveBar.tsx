import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import { socketUrl } from '../../chat/api';
import type { Live, LiveFigures } from '../../../gen/types';
import { accessToken } from '../session/tokens';
import { useLocale } from '../../../i18n/i18n';
import { useDesk } from '../words';

const SHOWN = [
  'guests',
  'conversations',
  'messages_today',
  'thumbs_up',
  'thumbs_down',
  'lost_today',
] as const;

/** Figures of right now, as the socket tells them; null until it does. */
function useLive(slug: string): LiveFigures | null {
  const [figures, setFigures] = useState<LiveFigures | null>(null);
  useEffect(() => {
    let socket: WebSocket | undefined;
    let left = false;
    void accessToken().then((token) => {
      if (left) return;
      socket = new WebSocket(socketUrl(slug));
      socket.onopen = () => socket?.send(JSON.stringify({ type: 'watch', token, slug }));
      socket.onmessage = (event) => {
        const frame = JSON.parse(String(event.data)) as Live;
        if (frame.type === 'live' && frame.slug === slug) setFigures(frame.figures);
      };
      socket.onclose = () => setFigures(null);
    });
    return () => {
      left = true;
      socket?.close();
    };
  }, [slug]);
  return figures;
}

export function LiveBar({ slug }: { slug: string }) {
  const [t, locale] = [useDesk(), useLocale()];
  const figures = useLive(slug);
  if (!figures) return null;
  return (
    <Box
      data-testid="live"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        gap: 3,
        mb: 3,
        p: 2,
        borderRadius: '20px',
        bgcolor: 'background.paper',
        border: 1,
        borderColor: 'divider',
        '@media print': { display: 'none' },
      }}
    >
      {SHOWN.map((key) => (
        <Typography key={key}>
          <b>{figures[key].toLocaleString(locale)}</b> {t(`live.${key}`, { count: figures[key] })}
        </Typography>
      ))}
    </Box>
  );
}
