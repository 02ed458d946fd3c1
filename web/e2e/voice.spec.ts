import { Guest } from './guest';
import { expect, test } from './test';

/** A browser whose microphone hears one sentence after the other, and whose voice is done at once; it keeps what it said. */
function stubVoice() {
  const sentences = ['Tell me about your cookies', 'And what do they cost?'];
  const spoken: string[] = [];
  Object.assign(window, { spoken });
  class Recognition {
    onresult: ((event: unknown) => void) | null = null;
    onend: (() => void) | null = null;
    start() {
      const words = sentences.shift();
      if (!words) return;
      setTimeout(() => {
        this.onresult?.({ results: [{ isFinal: false, 0: { transcript: words } }] });
        if (sentences.length === 0) this.onend?.();
      }, 100);
    }
    stop() {
      this.onend?.();
    }
    abort() {}
  }
  class Utterance {
    onend: (() => void) | null = null;
    constructor(readonly text: string) {}
  }
  const synthesis = {
    getVoices: () => [],
    cancel: () => undefined,
    speak(utterance: Utterance) {
      spoken.push(utterance.text);
      setTimeout(() => utterance.onend?.(), 10);
    },
  };
  Object.assign(window, { SpeechRecognition: Recognition, SpeechSynthesisUtterance: Utterance });
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
}

test('a question can be spoken, and hands-free the assistant speaks and listens in turns', async ({
  page,
}) => {
  await page.addInitScript(stubVoice);
  const guest = new Guest(page);
  await guest.arrive();
  await page.getByTestId('mic-button').click();
  await expect(page.getByTestId('caption')).toContainText('Tell me about your cookies');
  await page.getByRole('button', { name: 'Hands-free' }).click();
  await page.getByTestId('mic-button').click();
  await guest.answered();
  // The answer is read aloud, then the microphone opens by itself and hears the second question.
  await expect(guest.questions).toHaveText(['Tell me about your cookies', 'And what do they cost?']);
  await guest.answered(2);
  const spoken = await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
  const squeezed = (text: string) => text.replace(/\s+/g, ' ');
  expect(squeezed(spoken.join(' '))).toContain(
    squeezed((await guest.answers.first().textContent()) ?? '').trim(),
  );
  await page.getByRole('button', { name: 'End hands-free' }).click();
  await expect(page.getByTestId('caption')).toBeEmpty();
});
