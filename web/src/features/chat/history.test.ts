import { describe, expect, it } from 'vitest';
import type { ChatAction } from './reducer';
import { asked, M1, M2, run, stored, token, turn, whole } from './testFrames';

describe('the stored conversation', () => {
  const history: ChatAction = { do: 'history', messages: [stored('user', 'q'), stored('assistant', 'a')] };

  it('makes finished turns', () => {
    expect(turn(run(history))).toMatchObject({ question: 'q', answer: { text: 'a', done: true } });
  });

  it('comes before what is new, and leaves the stream alone', () => {
    const state = run(asked(M2, 'new?'), token(1, 'x', { id: M2 }), history);
    expect(state.turns.map((each) => each.id)).toEqual([M1, M2]);
    expect(turn(state, M2).answer?.text).toBe('x');
  });

  it('keeps the richer answer of the socket', () => {
    const state = run(whole(2, 'a', { suggestions: ['more'] }), history);
    expect(turn(state)).toMatchObject({ question: 'q', answer: { suggestions: ['more'] } });
  });

  it('gives an answer from elsewhere its question while it streams', () => {
    const state = run(token(1, 'a'), { do: 'history', messages: [stored('user', 'q')] });
    expect(turn(state)).toMatchObject({ question: 'q', answer: { text: 'a', done: false } });
  });

  it('ends a turn whose answer was stored while we were away', () => {
    const state = run(asked(), token(1, 'ha'), {
      do: 'history',
      messages: [stored('user', 'q'), stored('assistant', 'half')],
    });
    expect(turn(state).answer).toMatchObject({ text: 'half', done: true });
  });

  it('shows staff as staff, beside the assistant’s answer', () => {
    const state = run({
      do: 'history',
      messages: [stored('user', 'q'), stored('assistant', 'a'), stored('staff', 'hello')],
    });
    expect(state.turns.map((each) => each.from)).toEqual(['assistant', 'staff']);
  });

  it('read twice is as read once', () => {
    expect(run(history, history).turns).toEqual(run(history).turns);
  });

  it('is no news when the socket brings its newest answer again', () => {
    const state = run(history, whole(2, 'a', { suggestions: ['more'] }));
    expect(state.announced).toBeNull();
    expect(turn(state).answer?.suggestions).toEqual(['more']);
  });
});
