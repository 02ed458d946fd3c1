import { useId, useState } from 'react';
import type { MenuCategory } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { CategoryBar } from './CategoryBar';
import type { Filtered } from './filter';
import { Filters } from './Filters';
import './MenuTools.css';
import { SearchField } from './SearchField';
import { useWishes } from './wishes';

function FilterButton({ open, controls, onClick }: { open: boolean; controls: string; onClick: () => void }) {
  const t = useT();
  const count = useWishes((wishes) => wishes.tags.length + wishes.without.length);
  return (
    <button
      type="button"
      className={`control filter-button${count ? ' used' : ''}`}
      aria-expanded={open}
      aria-controls={controls}
      data-testid="filter-button"
      onClick={onClick}
    >
      <svg
        aria-hidden
        width="18"
        height="18"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      >
        <path d="M4 7h16M7 12h10M10 17h4" />
      </svg>
      {t('filter.count', { count })}
    </button>
  );
}

/** Tells, aloud too, what the search and the filters came to. */
function Outcome({ result, unverified }: { result: Filtered; unverified: boolean }) {
  const t = useT();
  const parts = [
    t('filter.result', { shown: result.shown }),
    result.unknown ? t('filter.unknown', { unknown: result.unknown }) : null,
    result.avoided ? t('filter.avoided', { avoided: result.avoided }) : null,
  ];
  return (
    <div role="status" className="outcome">
      <p data-testid="filter-outcome" className="soft">
        <b>{parts.filter(Boolean).join(' · ')}</b>
      </p>
      {unverified && <p className="warn small">{t('filter.unverified')}</p>}
    </div>
  );
}

interface Props {
  categories: MenuCategory[];
  tags: string[];
  result: Filtered;
  filtered: boolean;
  unverified: boolean;
  /** All that fits is on the page. */
  complete: boolean;
  onJump: () => void;
}

/** Search, filters and categories; categories stay in sight while the menu scrolls under them. */
export function MenuTools({ categories, tags, result, filtered, unverified, complete, onJump }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <div className="wrap">
        <div className="row">
          <SearchField />
          <FilterButton open={open} controls={id} onClick={() => setOpen(!open)} />
        </div>
        {open && <Filters id={id} tags={tags} />}
        {filtered && <Outcome result={result} unverified={unverified} />}
      </div>
      {categories.length > 1 && (
        <div className="category-strip">
          <div className="wrap">
            <CategoryBar categories={categories} complete={complete} onJump={onJump} />
          </div>
        </div>
      )}
    </>
  );
}
