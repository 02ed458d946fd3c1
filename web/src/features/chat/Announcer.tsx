import Box from '@mui/material/Box';
import { visuallyHidden } from '@mui/utils';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ChatClient } from './client';
import { wholeSentences } from './sentences';

/** The whole sentences so far of the answer that is, or was last, written. */
export interface Spoken {
  id: string;
  sentences: string[];
}

export function useSentences(client: ChatClient): Spoken {
  const turn = useStore(client.store, (view) => view.chat.turns.at(-1));
  const done = useStore(client.store, (view) => view.chat.announced);
  const at = useRef({ id: '', attempt: -1, upto: 0 });
  const [spoken, setSpoken] = useState<Spoken>({ id: '', sentences: [] });
  const answer = turn?.answer;
  const text = answer?.text ?? '';
  useEffect(() => {
    // Only what is written while the guest is here: a conversation that was read again is no news.
    if (!turn || !answer || (answer.done && done?.id !== turn.id)) return;
    if (at.current.id !== turn.id || at.current.attempt !== answer.attempt) {
      at.current = { id: turn.id, attempt: answer.attempt, upto: 0 };
      setSpoken({ id: turn.id, sentences: [] });
    }
    const next = answer.done
      ? { said: text.slice(at.current.upto).trim(), upto: text.length }
      : wholeSentences(text, at.current.upto);
    if (!next.said) return;
    at.current.upto = next.upto;
    setSpoken((before) => ({ id: turn.id, sentences: [...before.sentences, next.said] }));
  }, [turn, answer, text, done]);
  return spoken;
}

/** Tells screen readers each sentence once, when it is whole, never its pieces. */
export function Announcer({ spoken: { id, sentences }, name }: { spoken: Spoken; name: string }) {
  return (
    <Box role="log" aria-live="polite" aria-label={name} sx={visuallyHidden} data-testid="announcer">
      {sentences.map((sentence, at) => (
        <p key={`${id}-${at}`}>{sentence} </p>
      ))}
    </Box>
  );
}
