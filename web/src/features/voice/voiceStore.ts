import { create } from 'zustand';
import { recall, remember } from '../../lib/storage';

interface VoiceState {
  listening: boolean;
  /** What was understood so far, shown while listening. */
  caption: string;
  trouble: 'denied' | 'failed' | null;
  hands_free: boolean;
  /** Answers are read aloud. */
  aloud: boolean;
  cues: boolean;
  set: (change: Partial<Omit<VoiceState, 'set' | 'toggleCues'>>) => void;
  toggleCues: () => void;
}

const MUTED = 'muted';

/** The voice, off until the guest taps it; only whether sounds are muted is remembered. */
export const useVoiceStore = create<VoiceState>((set, get) => ({
  listening: false,
  caption: '',
  trouble: null,
  hands_free: false,
  aloud: false,
  cues: recall(MUTED) !== 'yes',
  set,
  toggleCues() {
    const cues = !get().cues;
    set({ cues });
    remember(MUTED, cues ? 'no' : 'yes');
  },
}));
