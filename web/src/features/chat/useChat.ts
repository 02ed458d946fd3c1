import { useEffect, useState } from 'react';
import { loadHistory, socketUrl } from './api';
import { createChat, type ChatClient } from './client';
import { sessionId } from './session';

/** The conversation of this guest at one restaurant, alive as long as the page shows it. */
export function useChat(slug: string): ChatClient | null {
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    const session_id = sessionId(slug);
    const made = createChat({
      url: socketUrl(slug),
      session_id,
      loadHistory: (signal) => loadHistory(slug, session_id, signal),
    });
    window.addEventListener('online', made.retryNow);
    window.addEventListener('offline', made.drop);
    setClient(made);
    return () => {
      window.removeEventListener('online', made.retryNow);
      window.removeEventListener('offline', made.drop);
      made.close();
    };
  }, [slug]);
  return client;
}
