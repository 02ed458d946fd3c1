import type { Plugin } from 'vite';

export function palette(): Plugin;
