import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Language } from '../i18n/i18n';
import { UpdatePrompt } from '../pwa/UpdatePrompt';
import { ErrorBoundary } from './ErrorBoundary';
import { queries } from './queries';

/** What stands around every page. */
export function Page({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={queries}>
      <Language>
        <ErrorBoundary>{children}</ErrorBoundary>
        <UpdatePrompt />
      </Language>
    </QueryClientProvider>
  );
}
