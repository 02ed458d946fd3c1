import type { Refusal } from './state';

const wait = (seconds: number | null) => (seconds ? `Wait ${seconds} seconds` : 'Wait a moment');

const WORDS: Record<string, (refusal: Refusal) => string> = {
  rate_limited: ({ retry_after_s }) =>
    `That was a lot of messages in a short time. ${wait(retry_after_s)}, then send it again.`,
  overloaded: ({ retry_after_s }) =>
    `The kitchen is very busy, so this was not taken. ${wait(retry_after_s)}, then send it again.`,
  internal: () =>
    'Something failed at our side while answering. Your message is kept; send it again, or ask the staff.',
  not_found: () => 'This conversation or restaurant is not there any more. Reload the page to start afresh.',
  invalid_message: ({ text }) => `This message was not accepted (${text}). Change it and send it once more.`,
};

/** An error in a guest's words: what happened, and what to do. */
export function refusalWords(refusal: Refusal): string {
  return (
    WORDS[refusal.code]?.(refusal) ??
    `The message was refused (${refusal.text}). Reload the page and try again.`
  );
}
