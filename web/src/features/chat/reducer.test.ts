import { describe, expect, it } from 'vitest';
import { reduce } from './reducer';
import { currentSuggestions, isOpen, resumePoint, type ChatState } from './state';
import {
  accepted,
  asked,
  correction,
  frame,
  joined,
  M1,
  M2,
  refused,
  restart,
  run,
  token,
  turn,
  welcome,
  whole,
} from './testFrames';

const text = (state: ChatState, id = M1) => turn(state, id).answer?.text;

describe('a straight answer', () => {
  it('goes from asked over pieces to the whole', () => {
    const sent = run(asked());
    expect(turn(sent)).toMatchObject({
      asked: 'sending',
      question: 'Tell me about your cookies',
      answer: null,
    });
    const streaming = [accepted(), token(1, 'Our '), token(2, 'cookies')].map(frame).reduce(reduce, sent);
    expect(turn(streaming)).toMatchObject({
      asked: 'accepted',
      answer: { text: 'Our cookies', seq: 2, done: false },
    });
    const done = reduce(streaming, frame(whole(3, 'Our cookies', { suggestions: ['And the drinks?'] })));
    expect(turn(done).answer).toMatchObject({ text: 'Our cookies', done: true, healed: false });
    expect(isOpen(turn(done))).toBe(false);
    expect(currentSuggestions(done)).toEqual(['And the drinks?']);
  });

  it('takes a piece as proof of acceptance', () => {
    expect(turn(run(asked(), token(1, 'a'))).asked).toBe('accepted');
  });

  it('keeps text as it came, byte for byte', () => {
    const odd = 'I <3 cookies & <b>“é” 👩‍🍳\n\u202e';
    expect(text(run(asked(), token(1, odd), whole(2, odd)))).toBe(odd);
  });
});

describe('order', () => {
  it('asks for a resume at a gap and does not fold the late piece', () => {
    const state = run(asked(), token(1, 'a'), token(3, 'c'));
    expect(text(state)).toBe('a');
    expect(state.gap).toEqual({ message_id: M1, attempt: 1, seq: 1 });
  });

  it('asks once for the same gap, however many pieces follow it', () => {
    const first = run(asked(), token(1, 'a'), token(3, 'c'));
    expect(reduce(first, frame(token(4, 'd')))).toBe(first);
  });

  it('closes the gap when the missing piece comes', () => {
    const state = run(asked(), token(1, 'a'), token(3, 'c'), token(2, 'b'), token(3, 'c'));
    expect(text(state)).toBe('abc');
    expect(state.gap).toBeNull();
  });

  it('sees a gap before the first piece', () => {
    expect(run(asked(), token(2, 'b')).gap).toEqual({ message_id: M1, attempt: 1, seq: 0 });
  });

  it('closes the gap with the whole answer', () => {
    const state = run(asked(), token(1, 'a'), token(3, 'c'), whole(4, 'abc'));
    expect(state.gap).toBeNull();
    expect(turn(state).answer).toMatchObject({ text: 'abc', healed: false });
  });

  it('drops a piece that comes twice', () => {
    const state = run(asked(), token(1, 'a'), token(2, 'b'));
    expect(reduce(state, frame(token(2, 'b')))).toBe(state);
    expect(reduce(state, frame(token(1, 'a')))).toBe(state);
  });
});

describe('attempts', () => {
  it('forgets earlier pieces at a restart', () => {
    expect(text(run(asked(), token(1, 'old'), restart(2), token(1, 'new', { attempt: 2 })))).toBe('new');
  });

  it('takes a higher attempt as a restart', () => {
    expect(text(run(asked(), token(1, 'old'), token(1, 'new', { attempt: 2 })))).toBe('new');
  });

  it('drops frames of lower attempts, the whole answer too', () => {
    const state = run(asked(), restart(2), token(1, 'new', { attempt: 2 }));
    for (const late of [token(2, 'old'), restart(1), whole(3, 'old')])
      expect(reduce(state, frame(late))).toBe(state);
  });

  it('keeps the pieces when the same restart comes twice', () => {
    expect(text(run(asked(), restart(2), token(1, 'a', { attempt: 2 }), restart(2)))).toBe('a');
  });

  it('forgets old pieces even when the higher attempt begins with a gap', () => {
    const state = run(asked(), token(1, 'old'), token(2, 'b', { attempt: 2 }));
    expect(text(state)).toBe('');
    expect(state.gap).toEqual({ message_id: M1, attempt: 2, seq: 0 });
  });

  it('leaves a gap of the attempt before behind', () => {
    expect(run(asked(), token(1, 'a'), token(3, 'c'), restart(2)).gap).toBeNull();
  });
});

describe('the whole answer', () => {
  it('wins over its pieces and says that it did', () => {
    const state = run(asked(), token(1, 'a'), token(2, 'X'), whole(3, 'ab'));
    expect(turn(state).answer).toMatchObject({ text: 'ab', healed: true });
  });

  it('needs no pieces', () => {
    expect(turn(run(asked(), whole(9, 'stored'))).answer).toMatchObject({
      text: 'stored',
      done: true,
      healed: false,
    });
  });

  it('does not count missing pieces at the end as a difference', () => {
    expect(turn(run(asked(), token(1, 'a'), whole(3, 'ab'))).answer?.healed).toBe(false);
  });

  it('counts as the same when it comes twice, and nothing follows it', () => {
    const state = run(asked(), token(1, 'a'), whole(2, 'a'));
    for (const late of [whole(2, 'a'), token(2, 'b'), token(1, 'x', { attempt: 2 }), restart(2)]) {
      expect(reduce(state, frame(late))).toBe(state);
    }
  });

  it('is announced once, and not when a join brings an old one', () => {
    expect(run(asked(), whole(2, 'news')).announced).toEqual({ id: M1, text: 'news' });
    expect(run(whole(2, 'old')).announced).toBeNull();
    expect(run(asked(), token(1, 'half')).announced).toBeNull();
  });

  it('ends a stop that was asked for', () => {
    const state = run(asked(), token(1, 'a'), { do: 'stopping', id: M1 });
    expect(turn(state).stopping).toBe(true);
    const done = reduce(state, frame(whole(2, 'a', { status: 'stopped' })));
    expect(turn(done)).toMatchObject({ stopping: false, answer: { status: 'stopped' } });
  });

  it('brings the guest’s profile', () => {
    const profile = { allergies: ['peanuts'], diets: [] };
    expect(run(asked(), whole(2, 'a', { profile })).profile).toEqual(profile);
  });
});

describe('several answers at once', () => {
  it('keeps their pieces apart', () => {
    const other = { id: M2 };
    const state = run(
      asked(),
      asked(M2, 'b?'),
      token(1, 'a'),
      token(1, 'x', other),
      token(2, 'b'),
      token(2, 'y', other),
    );
    expect([text(state), text(state, M2)]).toEqual(['ab', 'xy']);
  });

  it('resumes behind the oldest unfinished one', () => {
    const state = run(
      asked(),
      asked(M2),
      token(1, 'a'),
      token(1, 'x', { id: M2 }),
      token(2, 'y', { id: M2 }),
    );
    expect(resumePoint(state)).toEqual({ message_id: M1, attempt: 1, seq: 1 });
    const done = reduce(state, frame(whole(2, 'a')));
    expect(resumePoint(done)).toEqual({ message_id: M2, attempt: 1, seq: 2 });
  });

  it('resumes behind the last frame when all are finished, and from the start when none came', () => {
    expect(resumePoint(run(asked(), whole(4, 'a')))).toEqual({ message_id: M1, attempt: 1, seq: 4 });
    expect(resumePoint(run(asked()))).toBeNull();
  });

  it('offers no suggestions while one is under way', () => {
    expect(currentSuggestions(run(asked(), whole(2, 'a', { suggestions: ['more'] }), asked(M2)))).toEqual([]);
  });
});

describe('joining', () => {
  it('shows what is under way elsewhere', () => {
    const state = run(joined([{ message_id: M2, attempt: 3 }]));
    expect(turn(state, M2)).toMatchObject({ question: null, asked: 'accepted', answer: null });
  });

  it('takes an open answer as accepted', () => {
    expect(turn(run(asked(), joined([{ message_id: M1, attempt: 0 }]))).asked).toBe('accepted');
  });

  it('ignores frames of another session', () => {
    const state = run(asked());
    expect(reduce(state, frame({ ...token(1, 'theirs'), session_id: 'another-session-of-someone' }))).toBe(
      state,
    );
  });
});

describe('errors', () => {
  it('marks the refused message and lets it be sent again with the same id', () => {
    const state = run(asked(), refused('rate_limited', { message_id: M1, retry_after: 7 }));
    expect(turn(state)).toMatchObject({
      asked: 'failed',
      refusal: { code: 'rate_limited', retry_after_s: 7 },
    });
    expect(isOpen(turn(state))).toBe(false);
    expect(turn(reduce(state, { do: 'again', id: M1 }))).toMatchObject({ asked: 'sending', refusal: null });
  });

  it('shows an error without a message as a notice, which can be put away', () => {
    const state = run(refused('invalid_frame'));
    expect(state.notice?.code).toBe('invalid_frame');
    expect(reduce(state, { do: 'noticed' }).notice).toBeNull();
  });

  it('does not take back an acceptance or an answer', () => {
    const waiting = run(asked(), accepted());
    expect(reduce(waiting, frame(refused('rate_limited', { message_id: M1 })))).toBe(waiting);
    const done = run(asked(), whole(2, 'a'));
    expect(reduce(done, frame(refused('internal', { message_id: M1 })))).toBe(done);
  });

  it('forgets the error when the answer comes after all', () => {
    const state = run(asked(), accepted(), refused('internal', { message_id: M1 }));
    expect(turn(state).refusal?.code).toBe('internal');
    expect(turn(reduce(state, frame(token(1, 'a')))).refusal).toBeNull();
  });
});

describe('the menu and corrections', () => {
  it('knows the newest version only', () => {
    expect(
      run(welcome(7), { type: 'menu_updated', menu_version: 9 }, { type: 'menu_updated', menu_version: 8 })
        .menu_version,
    ).toBe(9);
  });

  it('adds a correction to its answer, once', () => {
    const state = run(asked(), whole(2, '4.50'), correction('It is 5.00 now'), correction('It is 5.00 now'));
    expect(turn(state).corrections).toEqual(['It is 5.00 now']);
    expect(text(state)).toBe('4.50');
  });
});
