/** Two soft notes each: up when we begin to listen, down when it was sent, high when an answer is there. */
const NOTES = { listen: [523, 784], sent: [784, 523], answer: [659, 988] } as const;
export type Cue = keyof typeof NOTES;

const NOTE_S = 0.09;
let context: AudioContext | undefined;

/** Only ever called after a tap, so browsers let it sound. */
export function play(cue: Cue): void {
  if (typeof AudioContext === 'undefined') return;
  context ??= new AudioContext();
  NOTES[cue].forEach((frequency, at) => {
    if (!context) return;
    const begin = context.currentTime + at * NOTE_S;
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.06, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + NOTE_S * 1.6);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + NOTE_S * 1.7);
  });
}
