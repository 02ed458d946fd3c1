import { useT } from '../../i18n/i18n';
import { useWishes } from './wishes';

export function SearchField() {
  const t = useT();
  const { query, setQuery } = useWishes();
  return (
    <div role="search" className="search">
      <svg
        aria-hidden
        width="20"
        height="20"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
      >
        <circle cx="10.5" cy="10.5" r="6.5" />
        <path d="m15.5 15.5 6 6" strokeLinecap="round" />
      </svg>
      <input
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        placeholder={t('search.placeholder')}
        aria-label={t('search.label')}
        data-testid="menu-search"
        enterKeyHint="search"
        maxLength={100}
        dir="auto"
      />
      {query && (
        <button type="button" aria-label={t('search.clear')} onClick={() => setQuery('')}>
          <span aria-hidden>✕</span>
        </button>
      )}
    </div>
  );
}
