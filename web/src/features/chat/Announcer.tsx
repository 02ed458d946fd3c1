import Box from '@mui/material/Box';
import { visuallyHidden } from '@mui/utils';
import { useStore } from 'zustand';
import type { ChatClient } from './client';

/** Tells screen readers once for each finished answer, never for its pieces. */
export function Announcer({ client, name }: { client: ChatClient; name: string }) {
  const announced = useStore(client.store, (view) => view.chat.announced);
  return (
    <Box role="status" aria-live="polite" aria-atomic sx={visuallyHidden} data-testid="announcer">
      {announced && `${name}: ${announced.text}`}
    </Box>
  );
}
