import { VitePWA } from 'vite-plugin-pwa';

const WEEK_S = 7 * 24 * 3600;

/** What a guest needs to read a menu without a network. The desk is left out: it is of no use without one. */
export const pwa = () =>
  VitePWA({
    registerType: 'prompt',
    injectRegister: false,
    manifest: {
      name: 'Restaurant AI Platform',
      short_name: 'Menus',
      description: 'Browse the menu and ask the restaurant’s assistant.',
      start_url: '/',
      display: 'standalone',
      background_color: '#fff6e9',
      theme_color: '#a3430f',
      icons: [
        { src: '/icons/192.png', sizes: '192x192', type: 'image/png' },
        { src: '/icons/512.png', sizes: '512x512', type: 'image/png' },
        { src: '/icons/maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
    },
    workbox: {
      globPatterns: [
        'index.html',
        'favicon.svg',
        'icons/192.png',
        'assets/*.{js,css,svg}',
        'assets/*-latin-wght-*.woff2',
      ],
      globIgnores: ['**/assets/admin/**'],
      // Pages are asked for first, so that a restaurant's own headers and a new version arrive; the kept page is for when there is no network.
      navigateFallback: null,
      cleanupOutdatedCaches: true,
      runtimeCaching: [
        {
          urlPattern: ({ request, url, sameOrigin }) =>
            sameOrigin && request.mode === 'navigate' && /^\/($|r\/|admin)/.test(url.pathname),
          handler: 'NetworkOnly',
          options: { precacheFallback: { fallbackURL: '/index.html' } },
        },
        {
          urlPattern: ({ request, url, sameOrigin }) =>
            sameOrigin &&
            !request.headers.has('authorization') &&
            /^\/api\/v1\/(restaurants|menu\/items)(\/|$)/.test(url.pathname),
          handler: 'NetworkFirst',
          options: {
            cacheName: 'menus',
            // A menu that the document fetched ahead has other headers than one that the app asked for, and is the same.
            matchOptions: { ignoreVary: true },
            networkTimeoutSeconds: 5,
            expiration: { maxEntries: 80, maxAgeSeconds: WEEK_S },
            cacheableResponse: { statuses: [200] },
          },
        },
      ],
    },
  });
