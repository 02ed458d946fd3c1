import { Component, type ReactNode } from 'react';
import { Explain } from '../ui/Explain';

/** Catches what a page could not: most often a chunk of an older version that is gone after an update. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Explain
        picture="🫓"
        title="This page could not be shown"
        action={{ label: 'Reload', run: () => location.reload() }}
      >
        A part of it did not load, perhaps because a new version was just put in place. Reload the page; your
        conversation is kept.
      </Explain>
    );
  }
}
