import { useEffect, useState } from 'react';
import { loadHistory, socketUrl } from './api';
import { createChat, type ChatClient } from './client';
import { newSession, sessionId } from './session';

export interface Chat {
  client: ChatClient;
  session_id: string;
  /** Leaves this conversation for a new one. */
  renew: () => void;
}

/** The conversation of this guest at one restaurant, alive as long as the page shows it. */
export function useChat(slug: string): Chat | null {
  const [session, setSession] = useState(() => sessionId(slug));
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    const made = createChat({
      url: socketUrl(slug),
      session_id: session,
      loadHistory: (signal) => loadHistory(slug, session, signal),
    });
    window.addEventListener('online', made.retryNow);
    window.addEventListener('offline', made.drop);
    setClient(made);
    return () => {
      window.removeEventListener('online', made.retryNow);
      window.removeEventListener('offline', made.drop);
      made.close();
    };
  }, [slug, session]);
  return client && { client, session_id: session, renew: () => setSession(newSession(slug)) };
}
