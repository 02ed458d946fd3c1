// What a guest's page needs becomes two files: the framework, which seldom changes, and the rest; fewer files are fewer requests. Both are named
// in restaurant.html, so that they are on their way while the first picture is painted, and none waits for another.
const PAGE = '/src/guestPage.tsx';
const ENTRY = '/src/guest.ts';
// With the wrapper that Vite puts around modules of an older kind, which both files need.
const FRAMEWORK = /\/node_modules\/(react|react-dom|scheduler)\/|commonjsHelpers/;

/** The modules that one imports, however far away, but not what it imports later. */
function closure(end, { getModuleIds, getModuleInfo }) {
  const start = [...getModuleIds()].find((id) => id.endsWith(end));
  const seen = new Set();
  const visit = (id) => {
    if (seen.has(id)) return;
    seen.add(id);
    getModuleInfo(id)?.importedIds.forEach(visit);
  };
  if (start) visit(start);
  seen.delete(start);
  return seen;
}

/** For Rollup's manualChunks. */
export function firstChunks() {
  let page, entry;
  return (id, rollup) => {
    page ??= closure(PAGE, rollup);
    entry ??= closure(ENTRY, rollup);
    // What fetches the rest comes before it, and what it looks like too.
    if (id.includes('preload-helper')) return 'fetch';
    if (id.endsWith('.css')) return page.has(id) || entry.has(id) ? 'look' : undefined;
    if (!page.has(id)) return undefined;
    return FRAMEWORK.test(id) ? 'react' : 'page';
  };
}

/** Less urgent than what the first picture needs. */
const link = (href) => ({
  tag: 'link',
  attrs: { rel: 'modulepreload', fetchpriority: 'low', crossorigin: true, href },
  injectTo: 'head',
});

function linksOf(bundle) {
  const page = Object.values(bundle).find(({ facadeModuleId }) => facadeModuleId?.endsWith(PAGE));
  if (!page) throw new Error(`the build has no chunk for ${PAGE}`);
  return [page.fileName, ...page.imports].map((name) => link(`/${name}`));
}

/** Puts them into restaurant.html. */
export const firstLinks = () => ({
  name: 'first-links',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle, filename }) =>
      bundle && filename.endsWith('restaurant.html') ? linksOf(bundle) : [],
  },
});
