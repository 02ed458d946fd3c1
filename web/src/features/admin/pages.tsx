import { lazy, type ComponentType } from 'react';
import type { Restaurant } from '../../gen/types';
import type { Role } from './rights';

export interface PageProps {
  restaurant: Restaurant;
  role: Role;
}

interface Page {
  path: string;
  label: string;
  icon: string;
  /** The least role that may see it; the server decides again with each request. */
  role: Role;
  Component: ComponentType<PageProps>;
}

/** The desk's pages: navigation and routes are made of these rows. */
export const PAGES: Page[] = [
  {
    path: 'menu',
    label: 'Menu',
    icon: '🍪',
    role: 'viewer',
    Component: lazy(() => import('./menu/MenuPage')),
  },
  {
    path: 'import',
    label: 'Import',
    icon: '📥',
    role: 'manager',
    Component: lazy(() => import('./imports/ImportPage')),
  },
  {
    path: 'assistant',
    label: 'Assistant',
    icon: '🎭',
    role: 'manager',
    Component: lazy(() => import('./assistant/AssistantPage')),
  },
  {
    path: 'conversations',
    label: 'Conversations',
    icon: '💬',
    role: 'staff',
    Component: lazy(() => import('./conversations/ConversationsPage')),
  },
  {
    path: 'analytics',
    label: 'Analytics',
    icon: '📈',
    role: 'viewer',
    Component: lazy(() => import('./analytics/AnalyticsPage')),
  },
  {
    path: 'team',
    label: 'Team',
    icon: '👩‍🍳',
    role: 'owner',
    Component: lazy(() => import('./team/TeamPage')),
  },
  {
    path: 'audit',
    label: 'Audit log',
    icon: '📜',
    role: 'manager',
    Component: lazy(() => import('./audit/AuditPage')),
  },
  {
    path: 'settings',
    label: 'Settings',
    icon: '🪧',
    role: 'owner',
    Component: lazy(() => import('./settings/SettingsPage')),
  },
];
