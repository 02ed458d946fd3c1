import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useEffect, useMemo, useState } from 'react';
import type { Restaurant } from '../../../gen/types';
import { randomId } from '../../../lib/random';
import { Avatar } from '../../chat/Avatar';
import { socketUrl } from '../../chat/api';
import { createChat, type ChatClient } from '../../chat/client';
import { Composer } from '../../chat/Composer';
import { Conversation } from '../../chat/Conversation';
import type { Persona } from '../../chat/persona';
import { ShopContext } from '../../chat/shop';
import { useDesk } from '../words';

/** A conversation of its own, which no guest sees; it ends with the page. */
function usePreview(slug: string): { client: ChatClient | null; session_id: string } {
  const [session_id] = useState(randomId);
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    const made = createChat({ url: socketUrl(slug), session_id, loadHistory: () => Promise.resolve([]) });
    setClient(made);
    return () => made.close();
  }, [slug, session_id]);
  return { client, session_id };
}

/** How it looks, as it is typed; and how it talks, with the real menu, as it was saved. */
export function PreviewChat({ restaurant, look }: { restaurant: Restaurant; look: Persona }) {
  const t = useDesk();
  const { client, session_id } = usePreview(restaurant.slug);
  const shop = useMemo(
    () => ({ slug: restaurant.slug, restaurant, session_id, onShow: () => undefined }),
    [restaurant, session_id],
  );
  return (
    <Box
      component="section"
      aria-label={t('persona.preview')}
      data-testid="preview-chat"
      sx={{
        height: 620,
        display: 'flex',
        flexDirection: 'column',
        overflow: 'hidden',
        borderRadius: '28px',
        border: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Box
        sx={{
          display: 'flex',
          gap: 1.5,
          alignItems: 'center',
          p: 2,
          borderBottom: 1,
          borderColor: 'divider',
        }}
      >
        <Avatar persona={look} size={48} lively />
        <Box>
          <Typography variant="h3" component="h2">
            {look.name}
          </Typography>
          <Typography color="text.secondary" sx={{ fontSize: '.85rem' }}>
            {t('persona.preview_lead')}
          </Typography>
        </Box>
      </Box>
      {client && (
        <ShopContext value={shop}>
          <Conversation
            client={client}
            persona={look}
            menu_version={restaurant.menu_version}
            onAsk={client.ask}
          />
          <Composer name={look.name} inputRef={null} onAsk={client.ask} mic={null} />
        </ShopContext>
      )}
    </Box>
  );
}
