import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useT } from '../../i18n/i18n';
import { track } from '../analytics/track';
import { useAssistant } from './assistantStore';
import { Bubble } from './Bubble';
import type { ChatClient } from './client';
import type { Persona } from './persona';
import { useShop } from './shop';
import { SuggestionChips } from './SuggestionChips';
import { currentSuggestions, isOpen } from './state';
import { useTopicQuestions } from './TopicNote';
import { TurnView } from './TurnView';
import { useSuggestions } from './useSuggestions';

interface Props {
  client: ChatClient;
  persona: Persona;
  menu_version: number;
  onAsk: (text: string) => void;
}

const NEAR_PX = 120;

/** Follows what is written, unless the guest scrolled up to read. */
function useFollow(trigger: unknown) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  useEffect(() => {
    if (following.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [trigger]);
  const onScroll = () => {
    const at = box.current;
    if (at) following.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_PX;
  };
  return { box, onScroll };
}

/** Questions about the dish at hand, else what the last answer proposes, else how to begin. */
function useOffers(client: ChatClient, menu_version: number): string[] {
  const chat = useStore(client.store, (view) => view.chat);
  const about = useTopicQuestions(useAssistant((state) => state.topic));
  const starters = useSuggestions(useShop().slug, chat.session_id, menu_version).data ?? [];
  const own = currentSuggestions(chat);
  if (chat.turns.some(isOpen)) return [];
  return [about, own, chat.turns.length === 0 ? starters : []].find((each) => each.length > 0) ?? [];
}

export function Conversation({ client, persona, menu_version, onAsk }: Props) {
  const t = useT();
  const turns = useStore(client.store, (view) => view.chat.turns);
  const disclosure = useStore(client.store, (view) => view.chat.welcome?.disclosure);
  const offers = useOffers(client, menu_version);
  const { box, onScroll } = useFollow(turns);

  function onPick(text: string) {
    track('suggestion');
    onAsk(text);
  }

  return (
    <Box
      ref={box}
      onScroll={onScroll}
      role="region"
      aria-label={t('chat.conversation')}
      tabIndex={0}
      sx={{
        flex: 1,
        overflowY: 'auto',
        overscrollBehavior: 'contain',
        p: 2,
        display: 'flex',
        flexDirection: 'column',
        gap: 1.25,
      }}
    >
      <Typography
        data-testid="disclosure"
        color="text.secondary"
        sx={{ fontSize: '.85rem', textAlign: 'center', px: 2 }}
      >
        {disclosure ?? t('chat.disclosure')}
      </Typography>
      <Bubble from="assistant" testId="ai-greeting">
        {persona.greeting}
      </Bubble>
      {turns.map((turn) => (
        <TurnView key={turn.id} turn={turn} name={persona.name} onAgain={client.again} onStop={client.stop} />
      ))}
      <SuggestionChips suggestions={offers} onPick={onPick} />
    </Box>
  );
}
