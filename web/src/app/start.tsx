import { startTransition, StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLanguage } from '../i18n/i18n';
import { startScheme } from '../ui/scheme';

/**
 * Shows a page once the words of the interface and what else it waits for are here; until then the document's own first picture stands. It is put
 * together in small pieces, so that a guest who scrolls already is not held up.
 */
export async function start(page: ReactNode, ...needed: Promise<unknown>[]): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('the document has no #root');
  startScheme();
  await Promise.all([startLanguage(), ...needed]);
  startTransition(() => createRoot(root).render(<StrictMode>{page}</StrictMode>));
}
