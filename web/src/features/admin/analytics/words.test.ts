import { describe, expect, it } from 'vitest';
import { languageOf, lastDays, nameOf, newsOf, trend, valueOf } from './words';

describe('analytics in words', () => {
  it('names what it knows, and says the rest as it is', () => {
    expect(nameOf('thumbs_up', (key) => key)).toBe('metric.thumbs_up');
    expect(nameOf('kind:allergen', (key) => key)).toBe('Kind: allergen');
  });

  it('compares with the period before, and with nothing when there was none', () => {
    expect(trend(112, 100)).toBe('+12 %');
    expect(trend(97, 100)).toBe('−3 %');
    expect(trend(5, 5)).toBe('±0 %');
    expect(trend(5, 0)).toBeNull();
  });

  it('tells good news from bad', () => {
    expect(newsOf('message', 3, 2)).toBe(1);
    expect(newsOf('lost', 3, 2)).toBe(-1);
    expect(newsOf('lost', 1, 2)).toBe(1);
    expect(newsOf('tokens_in', 3, 2)).toBe(0);
    expect(valueOf('cost_micros', 1_250_000, 'de')).toBe('1,25');
    expect(languageOf('de', 'en')).toBe('German');
    expect(languageOf('no tag', 'en')).toBe('no tag');
  });

  it('counts days back, with the hour that is running', () => {
    expect(lastDays(7, new Date('2026-03-08T12:00:00Z'))).toEqual({
      from: '2026-03-01T13:00:00.000Z',
      to: '2026-03-08T13:00:00.000Z',
    });
  });
});
