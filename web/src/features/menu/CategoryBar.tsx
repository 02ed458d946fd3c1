import { useEffect, useRef, useState } from 'react';
import type { MenuCategory } from '../../gen/types';
import { useT } from '../../i18n/i18n';

/** The category whose section is under the bar. `complete`: all sections are on the page. */
function useCurrent(ids: string[], complete: boolean): string | undefined {
  const [current, setCurrent] = useState(ids[0]);
  const joined = ids.join();
  useEffect(() => {
    const sections = joined
      .split(',')
      .map((id) => document.getElementById(id))
      .filter((each) => each !== null);
    const seen = new Map<string, boolean>();
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) seen.set(entry.target.id, entry.isIntersecting);
        const first = sections.find((section) => seen.get(section.id));
        if (first) setCurrent(first.id);
      },
      { rootMargin: '-140px 0px -45% 0px' },
    );
    sections.forEach((section) => watcher.observe(section));
    return () => watcher.disconnect();
  }, [joined, complete]);
  return current;
}

function useShown(current: string | undefined) {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const link = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (!bar.current || !link) return;
    const middle = link.offsetLeft - (bar.current.clientWidth - link.offsetWidth) / 2;
    bar.current.scrollTo({ left: middle, behavior: 'smooth' });
  }, [current]);
  return bar;
}

interface Props {
  categories: MenuCategory[];
  complete: boolean;
  /** Before the page jumps to a category. */
  onJump: () => void;
}

/** Jumps to a category, and tells which one is being looked at; stays at the top while the menu scrolls under it. */
export function CategoryBar({ categories, complete, onJump }: Props) {
  const t = useT();
  const ids = categories.map((category) => category.id);
  const current = useCurrent(ids, complete);
  const bar = useShown(current);
  return (
    <nav ref={bar} aria-label={t('menu.categories')} className="category-bar">
      {categories.map((category) => (
        <a
          key={category.id}
          className="control"
          href={`#${category.id}`}
          aria-current={category.id === current ? 'true' : undefined}
          onClick={onJump}
        >
          {category.name}
        </a>
      ))}
    </nav>
  );
}
