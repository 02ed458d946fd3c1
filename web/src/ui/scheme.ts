import { create } from 'zustand';
import { recall, remember } from '../lib/storage';

const MODES = ['system', 'light', 'dark'] as const;
export type Mode = (typeof MODES)[number];

/** MUI's own name for it, which browsers of earlier guests hold. */
const STORED = 'mui-mode';
const night = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)');

const stored = () => MODES.find((mode) => mode === recall(STORED)) ?? 'system';

function dress() {
  const { mode } = useScheme.getState();
  document.documentElement.dataset.scheme = mode === 'system' ? (night?.matches ? 'dark' : 'light') : mode;
}

/** Light, dark, or as the device has it; remembered here. */
export const useScheme = create<{ mode: Mode; setMode: (mode: Mode) => void }>((set) => ({
  mode: stored(),
  setMode(mode) {
    set({ mode });
    remember(STORED, mode);
    dress();
  },
}));

/** Before the first picture; from then on the page follows the device. */
export function startScheme(): void {
  dress();
  night?.addEventListener('change', dress);
  // Paper is white.
  window.addEventListener('beforeprint', () => (document.documentElement.dataset.scheme = 'light'));
  window.addEventListener('afterprint', dress);
}
