import type { Plugin, Rollup } from 'vite';

export function firstChunks(): Rollup.GetManualChunk;
export function firstLinks(): Plugin;
