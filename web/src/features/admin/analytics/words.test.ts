import { describe, expect, it } from 'vitest';
import { lastDays, nameOf, trend } from './words';

describe('analytics in words', () => {
  it('names what it knows, and says the rest as it is', () => {
    expect(nameOf('thumbs_up')).toBe('Thumbs up');
    expect(nameOf('kind:allergen')).toBe('Kind: allergen');
  });

  it('compares with the period before, and with nothing when there was none', () => {
    expect(trend(112, 100)).toBe('+12 %');
    expect(trend(97, 100)).toBe('−3 %');
    expect(trend(5, 5)).toBe('±0 %');
    expect(trend(5, 0)).toBeNull();
  });

  it('counts days back', () => {
    expect(lastDays(7, new Date('2026-03-08T12:00:00Z'))).toEqual({
      from: '2026-03-01T12:00:00.000Z',
      to: '2026-03-08T12:00:00.000Z',
    });
  });
});
