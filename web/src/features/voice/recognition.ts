/** The part of the Web Speech API that is used; TypeScript does not know it, and Chromium still prefixes it. */
interface SpeechResult {
  readonly isFinal: boolean;
  readonly [at: number]: { readonly transcript: string } | undefined;
}

interface SpeechEvent {
  readonly results: ArrayLike<SpeechResult>;
}

export interface Recognition {
  lang: string;
  interimResults: boolean;
  continuous: boolean;
  onresult: ((event: SpeechEvent) => void) | null;
  onerror: ((event: { readonly error: string }) => void) | null;
  onend: (() => void) | null;
  start: () => void;
  stop: () => void;
  abort: () => void;
}

type RecognitionClass = new () => Recognition;

/** Undefined where the browser has none: then nothing of the voice shows up. */
export function recognitionClass(): RecognitionClass | undefined {
  const here = globalThis as {
    SpeechRecognition?: RecognitionClass;
    webkitSpeechRecognition?: RecognitionClass;
  };
  return here.SpeechRecognition ?? here.webkitSpeechRecognition;
}

export const canSpeak = () => typeof speechSynthesis !== 'undefined';

export type Heard =
  { end: false; words: string } | { end: true; words: string; error: 'denied' | 'failed' | null };

const DENIED: readonly string[] = ['not-allowed', 'service-not-allowed', 'audio-capture'];

/** Listens once: tells what it understands so far, and at last the whole. Returns what ends it early. */
export function listen(lang: string, onHeard: (heard: Heard) => void): () => void {
  const Class = recognitionClass();
  if (!Class) return () => undefined;
  const recognition = new Class();
  let words = '';
  let error: 'denied' | 'failed' | null = null;
  recognition.lang = lang;
  recognition.interimResults = true;
  recognition.continuous = false;
  recognition.onresult = (event) => {
    words = Array.from(event.results, (result) => result[0]?.transcript ?? '')
      .join('')
      .trim();
    onHeard({ end: false, words });
  };
  recognition.onerror = (event) => {
    if (event.error !== 'aborted') error = DENIED.includes(event.error) ? 'denied' : 'failed';
  };
  recognition.onend = () => onHeard({ end: true, words, error: words ? null : error });
  recognition.start();
  return () => recognition.stop();
}
