import { defineConfig } from 'vite';

/** widget.js: one classic script without imports, beside the app. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2022',
    lib: {
      entry: 'widget/widget.ts',
      formats: ['iife'],
      name: 'restaurantAssistant',
      fileName: () => 'widget.js',
    },
  },
});
