import { Component, type ReactNode } from 'react';
import { translate } from '../i18n/i18n';
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
        title={translate('error.broken_title')}
        action={{ label: translate('error.reload'), run: () => location.reload() }}
      >
        {translate('error.broken')}
      </Explain>
    );
  }
}
