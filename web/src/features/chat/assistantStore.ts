import { create } from 'zustand';

interface AssistantState {
  open: boolean;
  draft: string;
  setOpen: (open: boolean) => void;
  setDraft: (draft: string) => void;
  /** Leaving a restaurant: nothing of it shows up at the next one. */
  reset: () => void;
}

/** What the panel keeps when it is closed and opened again. */
export const useAssistant = create<AssistantState>((set) => ({
  open: false,
  draft: '',
  setOpen: (open) => set({ open }),
  setDraft: (draft) => set({ draft }),
  reset: () => set({ open: false, draft: '' }),
}));
