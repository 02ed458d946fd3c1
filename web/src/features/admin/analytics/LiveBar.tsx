import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import { socketUrl } from '../../chat/api';
import type { Live, LiveFigures } from '../../../gen/types';
import { accessToken } from '../session/tokens';

const SHOWN = [
  ['guests', 'guests here now'],
  ['conversations', 'talking now'],
  ['messages_today', 'questions today'],
  ['thumbs_up', '👍 today'],
  ['thumbs_down', '👎 today'],
  ['lost_today', 'in vain today'],
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
      }}
    >
      {SHOWN.map(([key, label]) => (
        <Typography key={key}>
          <b>{figures[key].toLocaleString()}</b> {label}
        </Typography>
      ))}
    </Box>
  );
}
