import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import useMediaQuery from '@mui/material/useMediaQuery';
import * as m from 'motion/react-m';
import { useCallback, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useT } from '../../i18n/i18n';
import { MicButton } from '../voice/MicButton';
import { useVoice } from '../voice/useVoice';
import { VoiceBar } from '../voice/VoiceBar';
import { Announcer, useSentences } from './Announcer';
import { useAssistant } from './assistantStore';
import type { ChatClient } from './client';
import { Composer } from './Composer';
import { Conversation } from './Conversation';
import { PanelHeader } from './PanelHeader';
import type { Persona } from './persona';
import { ProfileChips } from './ProfileChips';
import { useShop } from './shop';
import { isOpen } from './state';
import { TopicNote, withTopic } from './TopicNote';
import { Troubles } from './Troubles';
import { useDragClose } from './useDragClose';

export interface PanelProps {
  client: ChatClient;
  persona: Persona;
  menu_version: number;
  onClose: () => void;
  onNew: () => void;
}

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

/** One way to ask for whoever asks: the guest's words become a message that names the dish at hand. */
function useAsk(client: ChatClient) {
  return useCallback(
    (text: string) => {
      const { topic, dropTopic } = useAssistant.getState();
      client.ask(withTopic(text, topic));
      dropTopic();
    },
    [client],
  );
}

const FRAME = {
  position: 'fixed',
  zIndex: 30,
  insetBlock: { xs: '0', sm: 'auto 24px' },
  insetInline: { xs: '0', sm: 'auto 24px' },
  width: { sm: 432 },
  height: { xs: '100dvh', sm: 'min(720px, calc(100dvh - 48px))' },
} as const;

const PAPER = {
  height: '100%',
  display: 'flex',
  flexDirection: 'column',
  overflow: 'hidden',
  borderRadius: { xs: 0, sm: '28px' },
  backgroundImage: 'none',
  transition: 'translate .2s',
} as const;

export default function Panel({ client, persona, menu_version, onClose, onNew }: PanelProps) {
  const t = useT();
  const phone = useMediaQuery('(max-width: 599px)');
  const { restaurant } = useShop();
  const link = useStore(client.store, (view) => view.link);
  const busy = useStore(client.store, (view) => view.chat.turns.some(isOpen));
  const topic = useAssistant((state) => state.topic);
  const input = useRef<HTMLTextAreaElement>(null);
  const { moved, handle } = useDragClose(phone, onClose);
  const onAsk = useAsk(client);
  const spoken = useSentences(client);
  const voice = useVoice({ persona: persona.voice, spoken, busy, onWords: onAsk });
  useModal(phone);
  useEffect(() => input.current?.focus(), []);

  return (
    <Box
      sx={FRAME}
      role="dialog"
      aria-modal={phone}
      aria-label={t('chat.dialog', { name: persona.name })}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <m.div
        style={{ height: '100%' }}
        initial={{ opacity: 0, y: phone ? 60 : 24, scale: phone ? 1 : 0.96 }}
        animate={{ opacity: 1, y: 0, scale: 1 }}
        exit={{ opacity: 0, y: phone ? 60 : 24 }}
        transition={{ type: 'spring', stiffness: 320, damping: 30 }}
      >
        <Paper ref={moved} elevation={8} sx={PAPER}>
          <PanelHeader
            persona={persona}
            restaurant={restaurant.name}
            link={link}
            handle={handle}
            onClose={onClose}
            onNew={onNew}
          />
          <ProfileChips client={client} />
          <Conversation client={client} persona={persona} menu_version={menu_version} onAsk={onAsk} />
          <Troubles client={client} />
          <VoiceBar onHandsFree={voice.toggleHandsFree} />
          {topic && <TopicNote topic={topic} />}
          <Composer
            name={persona.name}
            inputRef={input}
            onAsk={onAsk}
            mic={<MicButton onClick={voice.toggleListening} />}
          />
        </Paper>
      </m.div>
      <Announcer spoken={spoken} name={persona.name} />
    </Box>
  );
}
