import type { MessageKey, Translate } from '../../i18n/i18n';
import type { Refusal } from './state';

const WORDS: Record<string, MessageKey> = {
  rate_limited: 'chat.refused.rate_limited',
  overloaded: 'chat.refused.overloaded',
  internal: 'chat.refused.internal',
  not_found: 'chat.refused.not_found',
  invalid_message: 'chat.refused.invalid_message',
};

const PASSES: readonly string[] = ['rate_limited', 'overloaded'];

/** An error in a guest's words: what happened, and what to do. */
export function refusalWords(refusal: Refusal, t: Translate): string {
  const what = t(WORDS[refusal.code] ?? 'chat.refused.other', { detail: refusal.text });
  return PASSES.includes(refusal.code)
    ? `${what} ${t('chat.wait', { seconds: Math.ceil(refusal.retry_after_s ?? 0) })}`
    : what;
}
