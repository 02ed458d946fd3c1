import Box from '@mui/material/Box';
import { useEffect, useRef, useState } from 'react';
import type { MenuCategory } from '../../gen/types';
import { useT } from '../../i18n/i18n';

/** The category whose section is under the bar. */
function useCurrent(ids: string[]): string | undefined {
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
  }, [joined]);
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

const LINK = {
  px: 2,
  height: 44,
  display: 'inline-flex',
  alignItems: 'center',
  flexShrink: 0,
  borderRadius: 99,
  color: 'text.primary',
  bgcolor: 'background.paper',
  border: '1.5px solid',
  borderColor: 'divider',
  fontWeight: 700,
  textDecoration: 'none',
  transition: 'background-color .2s, color .2s',
  '&:hover': { borderColor: 'primary.main' },
  '&[aria-current]': { bgcolor: 'primary.main', color: 'primary.contrastText', borderColor: 'primary.main' },
} as const;

/** Jumps to a category, and tells which one is being looked at; stays at the top while the menu scrolls under it. */
export function CategoryBar({ categories }: { categories: MenuCategory[] }) {
  const t = useT();
  const current = useCurrent(categories.map((category) => category.id));
  const bar = useShown(current);
  return (
    <Box
      component="nav"
      ref={bar}
      aria-label={t('menu.categories')}
      sx={{
        position: 'relative',
        display: 'flex',
        gap: 1,
        py: 1.25,
        overflowX: 'auto',
        scrollbarWidth: 'none',
        maskImage: 'linear-gradient(90deg, #000 calc(100% - 28px), transparent)',
      }}
    >
      {categories.map((category) => (
        <Box
          component="a"
          key={category.id}
          href={`#${category.id}`}
          aria-current={category.id === current ? 'true' : undefined}
          sx={LINK}
        >
          {category.name}
        </Box>
      ))}
    </Box>
  );
}
