import { create } from 'zustand';

/** The dish that the next question is about. */
export interface Topic {
  id: string;
  name: string;
}

interface AssistantState {
  open: boolean;
  draft: string;
  topic: Topic | null;
  setOpen: (open: boolean) => void;
  setDraft: (draft: string) => void;
  askAbout: (topic: Topic) => void;
  dropTopic: () => void;
  /** Leaving a restaurant: nothing of it shows up at the next one. */
  reset: () => void;
}

/** What the panel keeps when it is closed and opened again. */
export const useAssistant = create<AssistantState>((set) => ({
  open: false,
  draft: '',
  topic: null,
  setOpen: (open) => set({ open }),
  setDraft: (draft) => set({ draft }),
  askAbout: (topic) => set({ open: true, topic }),
  dropTopic: () => set({ topic: null }),
  reset: () => set({ open: false, draft: '', topic: null }),
}));
