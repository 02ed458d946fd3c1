import type { Voice } from '../../gen/types';

/** The voice that speaks the wanted language best; undefined leaves it to the browser. */
export function voiceFor(voices: SpeechSynthesisVoice[], lang: string): SpeechSynthesisVoice | undefined {
  const same = (voice: SpeechSynthesisVoice) =>
    voice.lang.toLowerCase().replace('_', '-') === lang.toLowerCase();
  const close = (voice: SpeechSynthesisVoice) =>
    voice.lang.slice(0, 2).toLowerCase() === lang.slice(0, 2).toLowerCase();
  return voices.find(same) ?? voices.find(close);
}

const within = (value: number | undefined, low: number, high: number) =>
  Math.min(high, Math.max(low, value ?? 1));

/** Says one sentence as the persona does; `onEnd` comes once, also when it was cut off or failed. */
export function say(text: string, persona: Voice, lang: string, onEnd: () => void): void {
  const utterance = new SpeechSynthesisUtterance(text);
  const voice = voiceFor(speechSynthesis.getVoices(), lang);
  utterance.lang = lang;
  if (voice) utterance.voice = voice;
  utterance.rate = within(persona.rate, 0.5, 2);
  utterance.pitch = within(persona.pitch, 0, 2);
  utterance.onend = onEnd;
  utterance.onerror = onEnd;
  speechSynthesis.speak(utterance);
}

export const hush = () => speechSynthesis.cancel();
