import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Restaurant } from '../../gen/types';
import type { Persona } from './Assistant';
import { Bubble } from './Bubble';
import type { ChatClient } from './client';
import { SuggestionChips } from './SuggestionChips';
import { currentSuggestions, isOpen } from './state';
import { TurnView } from './TurnView';
import { useSuggestions } from './useSuggestions';

interface Props {
  client: ChatClient;
  slug: string;
  persona: Persona;
  disclosure: string;
  restaurant: Restaurant;
  menu_version: number;
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

export function Conversation({ client, slug, persona, disclosure, restaurant, menu_version }: Props) {
  const chat = useStore(client.store, (view) => view.chat);
  const starters = useSuggestions(slug, menu_version).data ?? [];
  const { box, onScroll } = useFollow(chat.turns);
  const own = currentSuggestions(chat);
  const idle = !chat.turns.some(isOpen);
  const offered = own.length > 0 ? own : chat.turns.length === 0 ? starters : [];

  return (
    <Box
      ref={box}
      onScroll={onScroll}
      role="region"
      aria-label="Conversation"
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
        sx={{ fontSize: '.82rem', textAlign: 'center', px: 2 }}
      >
        {disclosure}
      </Typography>
      <Bubble from="assistant" testId="ai-greeting">
        {persona.greeting}
      </Bubble>
      {chat.turns.map((turn) => (
        <TurnView
          key={turn.id}
          turn={turn}
          name={persona.name}
          currency={restaurant.currency}
          cuisine={restaurant.cuisine_type ?? restaurant.name}
          onAgain={client.again}
          onStop={client.stop}
        />
      ))}
      {idle && <SuggestionChips suggestions={offered} onPick={client.ask} />}
    </Box>
  );
}
