import { useStore } from 'zustand';
import type { Restaurant, Voice } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { parseHex } from '../../ui/color';
import { emojiOf } from '../../ui/food/choose';
import type { ChatClient } from './client';

/** Who answers, as the guest sees and hears it. */
export interface Persona {
  name: string;
  greeting: string;
  emoji: string;
  color: string | null;
  voice: Voice;
}

export function usePersona(client: ChatClient, restaurant: Restaurant): Persona {
  const t = useT();
  const told = useStore(client.store, (view) => view.chat.welcome?.assistant);
  const own = restaurant.avatar_config;
  return {
    name: told?.name || own.name || t('chat.default_name'),
    greeting: told?.greeting || own.greeting || t('chat.default_greeting', { restaurant: restaurant.name }),
    emoji: own.emoji || emojiOf(restaurant.name, restaurant.cuisine_type),
    color: parseHex(own.color) ? (own.color ?? null) : null,
    voice: own.voice ?? {},
  };
}
