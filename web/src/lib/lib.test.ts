import { describe, expect, it } from 'vitest';
import { delayBefore } from './backoff';
import { formatPrice } from './money';
import { randomId, uuid } from './random';

const plan = { base_ms: 500, cap_ms: 15_000, spread_ms: 1_500 };

describe('delayBefore', () => {
  it('doubles up to the cap', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 60].map((n) => delayBefore(n, 1006, plan, () => 1));
    expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('jitters over the whole range', () => {
    expect(delayBefore(3, 1006, plan, () => 0)).toBe(0);
    expect(delayBefore(3, 1006, plan, () => 0.5)).toBe(2000);
  });

  it('spreads the first return after a planned restart', () => {
    expect(delayBefore(0, 1012, plan, () => 1)).toBe(1500);
    expect(delayBefore(1, 1012, plan, () => 1)).toBe(1000);
  });
});

describe('formatPrice', () => {
  it('writes the restaurant’s currency in the guest’s way', () => {
    expect(formatPrice(14.9, 'EUR', 'de-DE')).toBe('14,90\u00a0€');
    expect(formatPrice(3.5, 'USD', 'en-US')).toBe('$3.50');
    expect(formatPrice(1200, 'JPY', 'en-US')).toBe('¥1,200');
  });

  it('survives a currency nobody knows', () => {
    expect(formatPrice(2, 'nonsense')).toBe('2.00 nonsense');
  });
});

describe('random ids', () => {
  it('hold 128 bits and fit the contract', () => {
    expect(randomId()).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(Array.from({ length: 100 }, randomId)).size).toBe(100);
    expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
