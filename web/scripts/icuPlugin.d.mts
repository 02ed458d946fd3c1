import type { Plugin } from 'vite';

export function compileCatalog(texts: Record<string, string>): Record<string, unknown>;
export function icu(): Plugin;
