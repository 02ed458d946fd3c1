import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import { AnimatePresence } from 'motion/react';
import * as m from 'motion/react-m';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Restaurant } from '../../gen/types';
import { pictureOf } from '../../ui/FoodTile';
import { Announcer } from './Announcer';
import { useAssistant } from './assistantStore';
import type { ChatClient } from './client';
import { useChat } from './useChat';
import { useLiveMenu } from './useLiveMenu';

const Panel = lazy(() => import('./Panel'));

interface Props {
  slug: string;
  restaurant: Restaurant;
  /** The version of the menu on the page. */
  menu_version: number;
}

export interface Persona {
  name: string;
  greeting: string;
  emoji: string;
}

function usePersona(client: ChatClient, restaurant: Restaurant): Persona {
  const told = useStore(client.store, (view) => view.chat.welcome?.assistant);
  const own = restaurant.avatar_config;
  return {
    name: told?.name || own.name || 'Assistant',
    greeting:
      told?.greeting || own.greeting || `Hello! Ask me anything about the menu of ${restaurant.name}.`,
    emoji: own.emoji || pictureOf(restaurant.name, restaurant.cuisine_type ?? '').main,
  };
}

function Launcher({
  persona,
  onOpen,
  buttonRef,
}: {
  persona: Persona;
  onOpen: () => void;
  buttonRef: React.Ref<HTMLButtonElement>;
}) {
  return (
    <Box
      sx={{ position: 'fixed', insetInlineEnd: { xs: 16, sm: 28 }, bottom: { xs: 16, sm: 28 }, zIndex: 20 }}
    >
      <m.div
        initial={{ scale: 0.6, opacity: 0 }}
        animate={{ scale: 1, opacity: 1 }}
        transition={{ type: 'spring', stiffness: 260, damping: 18 }}
      >
        <ButtonBase
          ref={buttonRef}
          data-testid="ai-chat-button"
          aria-haspopup="dialog"
          onClick={onOpen}
          sx={{
            gap: 1.25,
            p: 0.75,
            pr: 2.5,
            borderRadius: 99,
            bgcolor: 'primary.main',
            color: 'primary.contrastText',
            fontFamily: 'inherit',
            fontSize: '1.02rem',
            fontWeight: 800,
            boxShadow: '0 14px 30px -10px rgb(120 50 10 / .7)',
          }}
        >
          <Box
            aria-hidden
            sx={{
              width: 50,
              height: 50,
              borderRadius: '50%',
              bgcolor: '#fff3df',
              display: 'grid',
              placeItems: 'center',
              fontSize: '1.75rem',
            }}
          >
            {persona.emoji}
          </Box>
          Ask {persona.name}
        </ButtonBase>
      </m.div>
    </Box>
  );
}

function Ready({ client, slug, restaurant, menu_version }: Props & { client: ChatClient }) {
  const { open, setOpen, reset } = useAssistant();
  useEffect(() => reset, [reset]);
  const launcher = useRef<HTMLButtonElement>(null);
  const persona = usePersona(client, restaurant);
  useLiveMenu(client, slug, menu_version);
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => launcher.current?.focus());
  };
  return (
    <>
      {!open && <Launcher persona={persona} onOpen={() => setOpen(true)} buttonRef={launcher} />}
      <Suspense fallback={null}>
        <AnimatePresence>
          {open && (
            <Panel
              client={client}
              slug={slug}
              persona={persona}
              restaurant={restaurant}
              menu_version={menu_version}
              onClose={close}
            />
          )}
        </AnimatePresence>
      </Suspense>
      <Announcer client={client} name={persona.name} />
    </>
  );
}

/** The floating assistant: a button, and the conversation behind it. The socket lives as long as the page, for live menus. */
export function Assistant(props: Props) {
  const client = useChat(props.slug);
  return client && <Ready {...props} client={client} />;
}
