import { describe, expect, it } from 'vitest';
import { checkDraft } from './draft';

describe('checkDraft', () => {
  it('counts code points, as the server does', () => {
    expect(checkDraft('🍪'.repeat(2000))).toMatchObject({ left: 0, sendable: true });
    expect(checkDraft('🍪'.repeat(2001))).toMatchObject({ left: -1, sendable: false });
  });

  it('sends no blanks', () => {
    expect(checkDraft(' \n ').sendable).toBe(false);
    expect(checkDraft('  hi ').text).toBe('hi');
  });
});
