import Box from '@mui/material/Box';
import Container from '@mui/material/Container';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { Suspense, useEffect, useRef } from 'react';
import { Navigate, NavLink, Route, Routes, useLocation, useParams } from 'react-router-dom';
import type { Restaurant, User } from '../../gen/types';
import { HttpError } from '../../lib/http';
import { Brand } from '../../ui/Brand';
import { Explain } from '../../ui/Explain';
import { PAGES } from './pages';
import { TopBar } from './parts/TopBar';
import { useRestaurant } from './queries';
import { atLeast, roleIn, type Role } from './rights';
import { useDesk } from './words';

const TAB = {
  display: 'flex',
  gap: 1.25,
  alignItems: 'center',
  flexShrink: 0,
  px: 2,
  minHeight: 46,
  borderRadius: 99,
  fontWeight: 700,
  color: 'text.primary',
  textDecoration: 'none',
  '&:hover': { bgcolor: 'action.hover' },
  '&.active': { bgcolor: 'primary.main', color: 'primary.contrastText' },
} as const;

/** On a phone the row of tabs is wider than the screen: the one that is open is brought into sight. */
function useActiveInSight() {
  const row = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    const active = row.current?.querySelector<HTMLElement>('.active');
    if (row.current && active) row.current.scrollLeft = active.offsetLeft - row.current.offsetLeft - 24;
  }, [pathname]);
  return row;
}

function Tabs({ slug, role }: { slug: string; role: Role }) {
  const t = useDesk();
  const row = useActiveInSight();
  return (
    <Box
      ref={row}
      component="nav"
      aria-label={t('desk.pages')}
      sx={{
        display: 'flex',
        flexDirection: { xs: 'row', md: 'column' },
        gap: 0.5,
        overflowX: 'auto',
        position: { md: 'sticky' },
        top: { md: 16 },
        alignSelf: 'start',
        minWidth: { md: 200 },
        '@media print': { display: 'none' },
      }}
    >
      {PAGES.filter((page) => atLeast(role, page.role)).map((page) => (
        <Box component={NavLink} key={page.path} to={`/admin/${slug}/${page.path}`} sx={TAB}>
          <span aria-hidden>{page.icon}</span>
          {t(page.label)}
        </Box>
      ))}
    </Box>
  );
}

function Pages({ restaurant, role }: { restaurant: Restaurant; role: Role }) {
  return (
    <Suspense fallback={null}>
      <Routes>
        {PAGES.filter((page) => atLeast(role, page.role)).map(({ path, Component }) => (
          <Route key={path} path={path} element={<Component restaurant={restaurant} role={role} />} />
        ))}
        <Route path="*" element={<Navigate to={`/admin/${restaurant.slug}/menu`} replace />} />
      </Routes>
    </Suspense>
  );
}

function Refused() {
  const t = useDesk();
  return (
    <Container component="main">
      <Explain
        picture="🚪"
        title={t('desk.refused_title')}
        action={{ label: t('desk.own'), run: () => location.assign('/admin') }}
      >
        {t('desk.refused')}
      </Explain>
    </Container>
  );
}

/** Everything about one restaurant, as far as the user's role goes. */
export function Desk({ user }: { user: User }) {
  const t = useDesk();
  const { slug = '' } = useParams();
  const role = roleIn(user, slug);
  const { data, error, refetch } = useRestaurant(slug);
  if (!role || (error instanceof HttpError && error.status === 403)) return <Refused />;
  if (error) {
    return (
      <Container component="main">
        <Explain
          picture="🗺️"
          title={t('desk.no_restaurant')}
          action={{ label: t('common.again'), run: () => void refetch() }}
        >
          {error.message}
        </Explain>
      </Container>
    );
  }
  if (!data) return null;
  return (
    <>
      <Brand theme={data.theme} />
      <TopBar user={user}>
        <Typography variant="h3" component="p" color="primary">
          {data.name}
        </Typography>
        <Link
          href={`/r/${slug}`}
          target="_blank"
          rel="noreferrer"
          sx={{ '@media print': { display: 'none' } }}
        >
          {t('desk.as_guests')}
        </Link>
      </TopBar>
      <Container
        maxWidth="xl"
        sx={{
          display: 'grid',
          gap: { xs: 2, md: 4 },
          gridTemplateColumns: { md: '200px minmax(0, 1fr)' },
          py: 2.5,
        }}
      >
        <Tabs slug={slug} role={role} />
        <Box component="main" sx={{ minWidth: 0 }}>
          <Pages restaurant={data} role={role} />
        </Box>
      </Container>
    </>
  );
}
