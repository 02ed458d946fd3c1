import { webcrypto } from 'node:crypto';

// Node 18 keeps the browsers' `crypto` in a module.
if (!('crypto' in globalThis)) Object.defineProperty(globalThis, 'crypto', { value: webcrypto });
