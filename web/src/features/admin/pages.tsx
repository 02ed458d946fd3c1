import { lazy, type ComponentType } from 'react';
import type { Restaurant } from '../../gen/types';
import type { Role } from './rights';
import type { DeskKey } from './words';

export interface PageProps {
  restaurant: Restaurant;
  role: Role;
}

interface Page {
  path: string;
  label: DeskKey;
  icon: string;
  /** The least role that may see it; the server decides again with each request. */
  role: Role;
  Component: ComponentType<PageProps>;
}

/** The desk's pages: navigation and routes are made of these rows. */
export const PAGES: Page[] = [
  {
    path: 'menu',
    label: 'page.menu',
    icon: '🍪',
    role: 'viewer',
    Component: lazy(() => import('./menu/MenuPage')),
  },
  {
    path: 'import',
    label: 'page.import',
    icon: '📥',
    role: 'manager',
    Component: lazy(() => import('./imports/ImportPage')),
  },
  {
    path: 'assistant',
    label: 'page.assistant',
    icon: '🎭',
    role: 'manager',
    Component: lazy(() => import('./assistant/AssistantPage')),
  },
  {
    path: 'conversations',
    label: 'page.conversations',
    icon: '💬',
    role: 'staff',
    Component: lazy(() => import('./conversations/ConversationsPage')),
  },
  {
    path: 'analytics',
    label: 'page.analytics',
    icon: '📈',
    role: 'viewer',
    Component: lazy(() => import('./analytics/AnalyticsPage')),
  },
  {
    path: 'team',
    label: 'page.team',
    icon: '👩‍🍳',
    role: 'owner',
    Component: lazy(() => import('./team/TeamPage')),
  },
  {
    path: 'audit',
    label: 'page.audit',
    icon: '📜',
    role: 'manager',
    Component: lazy(() => import('./audit/AuditPage')),
  },
  {
    path: 'settings',
    label: 'page.settings',
    icon: '🪧',
    role: 'owner',
    Component: lazy(() => import('./settings/SettingsPage')),
  },
];
