import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import useMediaQuery from '@mui/material/useMediaQuery';
import * as m from 'motion/react-m';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Restaurant } from '../../gen/types';
import type { Persona } from './Assistant';
import type { ChatClient } from './client';
import { Composer } from './Composer';
import { Conversation } from './Conversation';
import { PanelHeader } from './PanelHeader';
import { Troubles } from './Troubles';

interface Props {
  client: ChatClient;
  slug: string;
  persona: Persona;
  restaurant: Restaurant;
  menu_version: number;
  onClose: () => void;
}

const FALLBACK_DISCLOSURE = 'An AI assistant answers here. For allergies, always ask the staff too.';

/** Keeps Tab inside a sheet that covers the page; the page behind must not be reachable. */
function useModal(on: boolean) {
  useEffect(() => {
    const page = document.getElementById('page');
    if (!on || !page) return;
    page.inert = true;
    const before = document.body.style.overflow;
    document.body.style.overflow = 'hidden';
    return () => {
      page.inert = false;
      document.body.style.overflow = before;
    };
  }, [on]);
}

const FRAME = {
  position: 'fixed',
  zIndex: 30,
  inset: { xs: 0, sm: 'auto 24px 24px auto' },
  width: { sm: 420 },
  height: { xs: '100dvh', sm: 'min(680px, calc(100dvh - 48px))' },
} as const;

export default function Panel({ client, slug, persona, restaurant, menu_version, onClose }: Props) {
  const phone = useMediaQuery('(max-width: 599px)');
  const link = useStore(client.store, (view) => view.link);
  const disclosure = useStore(client.store, (view) => view.chat.welcome?.disclosure) ?? FALLBACK_DISCLOSURE;
  const input = useRef<HTMLTextAreaElement>(null);
  useModal(phone);
  useEffect(() => input.current?.focus(), []);

  return (
    <Box
      sx={FRAME}
      role="dialog"
      aria-modal={phone}
      aria-label={`Chat with ${persona.name}`}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <m.div
        style={{ height: '100%' }}
        initial={{ opacity: 0, y: phone ? 60 : 24, scale: phone ? 1 : 0.96 }}
        animate={{ opacity: 1, y: 0, scale: 1 }}
        exit={{ opacity: 0, y: phone ? 60 : 24 }}
        transition={{ type: 'spring', stiffness: 320, damping: 30 }}
      >
        <Paper
          elevation={8}
          sx={{
            height: '100%',
            display: 'flex',
            flexDirection: 'column',
            overflow: 'hidden',
            borderRadius: { xs: 0, sm: '26px' },
            backgroundImage: 'none',
          }}
        >
          <PanelHeader persona={persona} restaurant={restaurant.name} link={link} onClose={onClose} />
          <Conversation
            client={client}
            slug={slug}
            persona={persona}
            disclosure={disclosure}
            restaurant={restaurant}
            menu_version={menu_version}
          />
          <Troubles client={client} />
          <Composer client={client} name={persona.name} inputRef={input} />
        </Paper>
      </m.div>
    </Box>
  );
}
