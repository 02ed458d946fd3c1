export interface Backoff {
  base_ms: number;
  cap_ms: number;
  /** After a planned restart of the server, which closes its sockets one by one, they are spread over this much more: everybody is back within 3 seconds. */
  spread_ms: number;
}

export const BACKOFF: Backoff = { base_ms: 500, cap_ms: 15_000, spread_ms: 1_500 };

const SERVICE_RESTART = 1012;

/** How long to wait before attempt `n` (from 0): full jitter, so that no two clients keep step. */
export function delayBefore(
  n: number,
  closeCode: number,
  backoff: Backoff = BACKOFF,
  random: () => number = Math.random,
): number {
  if (n === 0 && closeCode === SERVICE_RESTART) return random() * backoff.spread_ms;
  return random() * Math.min(backoff.cap_ms, backoff.base_ms * 2 ** Math.min(n, 20));
}
