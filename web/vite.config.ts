import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { firstChunks, firstLinks } from './scripts/firstChunks.mjs';
import { icu } from './scripts/icuPlugin.mjs';
import { palette } from './scripts/palettePlugin.mjs';
import { pwa } from './scripts/pwa.mjs';

const api = process.env.API_URL ?? 'http://127.0.0.1:3000';
const proxied = ['/api', '/health', '/metrics', '/openapi.json', '/asyncapi.json'];

const DESK = /\/features\/admin\/|\/node_modules\/(@mui\/x-|@dnd-kit|read-excel-file)/;

export default defineConfig({
  plugins: [icu(), palette(), react(), firstLinks(), pwa()],
  // Messages are compiled while building: the parser would be dead weight.
  resolve: {
    alias: process.env.VITEST
      ? []
      : [
          {
            find: /^@formatjs\/icu-messageformat-parser$/,
            replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
          },
        ],
  },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    manifest: true,
    // What we build for knows it.
    modulePreload: { polyfill: false },
    target: 'es2022',
    // A font or picture inlined as data: would need a wider content security policy.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ['index.html', 'restaurant.html'],
      output: {
        // The desk has a folder of its own: guests neither load it nor keep it for later.
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.some((id) => DESK.test(id)) ? 'assets/admin/[name]-[hash].js' : 'assets/[name]-[hash].js',
        manualChunks: firstChunks(),
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      ...Object.fromEntries(proxied.map((path) => [path, { target: api, changeOrigin: false }])),
      '/ws': { target: api, ws: true },
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    setupFiles: ['src/testSetup.ts'],
    restoreMocks: true,
  },
});
