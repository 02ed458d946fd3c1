import { describe, expect, it } from 'vitest';
import { wholeSentences } from './sentences';

describe('wholeSentences', () => {
  it('waits for the end of a sentence', () => {
    expect(wholeSentences('The Snicker')).toEqual({ said: '', upto: 0 });
    expect(wholeSentences('It is $3.25 today')).toEqual({ said: '', upto: 0 });
    expect(wholeSentences('It is $3.25. And')).toEqual({ said: 'It is $3.25.', upto: 12 });
  });

  it('goes on where it left off, and gives several at once', () => {
    const text = 'One. Two! “Three?” Fo';
    const first = wholeSentences(text.slice(0, 6));
    expect(first.said).toBe('One.');
    expect(wholeSentences(text, first.upto).said).toBe('Two! “Three?”');
  });
});
