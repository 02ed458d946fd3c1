import { useCallback, useEffect, useRef } from 'react';
import type { Voice } from '../../gen/types';
import { useLocale } from '../../i18n/i18n';
import { track } from '../analytics/track';
import { play, type Cue } from './cues';
import { listen } from './recognition';
import { hush, say } from './speech';
import { useVoiceStore } from './voiceStore';

interface Options {
  persona: Voice;
  /** The sentences of the newest answer, as they become whole. */
  spoken: { id: string; sentences: string[] };
  /** An answer is under way. */
  busy: boolean;
  onWords: (words: string) => void;
}

/** The interface's language decides what is listened for; the persona's own accent is kept when it speaks that language. */
const langOf = (persona: Voice, locale: string) =>
  persona.lang?.slice(0, 2).toLowerCase() === locale.slice(0, 2).toLowerCase() ? persona.lang : locale;

/** Listening, reading aloud, and both in turns. Nothing happens before a tap. */
export function useVoice({ persona, spoken, busy, onWords }: Options) {
  const lang = langOf(persona, useLocale());
  const { listening, hands_free, aloud, cues, set } = useVoiceStore();
  const end = useRef<() => void>(() => undefined);
  const said = useRef({ id: spoken.id, count: spoken.sentences.length });
  const speaking = useRef(0);

  const cue = useCallback((which: Cue) => cues && play(which), [cues]);

  const begin = useCallback(() => {
    hushIfAble();
    track('voice');
    cue('listen');
    set({ listening: true, caption: '', trouble: null });
    end.current = listen(lang, (heard) => {
      if (!heard.end) return set({ caption: heard.words });
      set({ listening: false, caption: '', trouble: heard.error });
      if (heard.error === 'denied') set({ hands_free: false });
      if (!heard.words) return;
      cue('sent');
      onWords(heard.words);
    });
  }, [cue, lang, onWords, set]);

  const toggleListening = useCallback(() => (listening ? end.current() : begin()), [listening, begin]);

  const toggleHandsFree = useCallback(() => {
    const on = !hands_free;
    set({ hands_free: on, aloud: on || aloud });
    if (!on) end.current();
    else if (!listening) begin();
  }, [hands_free, listening, aloud, begin, set]);

  /** The other half of a hands-free turn: when all was said, listen again. */
  const onQuiet = useCallback(() => {
    const now = useVoiceStore.getState();
    if (now.hands_free && !now.listening && speaking.current === 0 && !busy) begin();
  }, [begin, busy]);

  useEffect(() => {
    const before = said.current;
    const from = before.id === spoken.id ? before.count : 0;
    said.current = { id: spoken.id, count: spoken.sentences.length };
    if (!aloud) return;
    for (const sentence of spoken.sentences.slice(from)) {
      speaking.current++;
      say(sentence, persona, lang, () => {
        speaking.current--;
        onQuiet();
      });
    }
  }, [spoken, aloud, persona, lang, onQuiet]);

  const wasBusy = useRef(busy);
  useEffect(() => {
    if (wasBusy.current && !busy && (aloud || hands_free)) cue('answer');
    wasBusy.current = busy;
  }, [busy, aloud, hands_free, cue]);

  useEffect(
    () => () => {
      end.current();
      hushIfAble();
      set({ listening: false, hands_free: false, caption: '' });
    },
    [set],
  );
  return { toggleListening, toggleHandsFree };
}

function hushIfAble() {
  if (typeof speechSynthesis !== 'undefined') hush();
}
