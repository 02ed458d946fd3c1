// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Restaurant } from '../../gen/types';
import { ShopContext } from './shop';
import type { Turn } from './state';
import { asked, correction, M1, refused, run, token, turn, whole } from './testFrames';
import { TurnView } from './TurnView';

const onAgain = vi.fn();
const onStop = vi.fn();
const onShow = vi.fn();

const shop = {
  slug: 'the-cookie-jar',
  session_id: 's',
  restaurant: { currency: 'USD', cuisine_type: 'Bakery' } as Restaurant,
  onShow,
};

function show(shown: Turn) {
  return render(
    <ShopContext value={shop}>
      <TurnView turn={shown} name="Chip" onAgain={onAgain} onStop={onStop} />
    </ShopContext>,
  );
}

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

const HOSTILE = '<img src=x onerror=alert(1)> ![x](http://evil/) [y](javascript:alert(1)) \u202egnp';

describe('TurnView', () => {
  it('shows markup from guest and server as text', () => {
    const { container } = show(turn(run(asked(M1, HOSTILE), whole(1, HOSTILE), correction(HOSTILE))));
    expect(screen.getByTestId('user-message').textContent).toBe(HOSTILE);
    expect(screen.getByTestId('ai-message').textContent).toBe(HOSTILE);
    expect(container.querySelector('img, a, script')).toBeNull();
  });

  it('waits with crumbs until the first piece, then shows the piece and a way to stop', () => {
    const { unmount } = show(
      turn(run(asked(), { type: 'accepted', session_id: run().session_id, message_id: M1 })),
    );
    expect(screen.getByTestId('ai-typing')).toBeTruthy();
    expect(screen.queryByTestId('ai-message')).toBeNull();
    unmount();
    show(turn(run(asked(), token(1, 'Our '))));
    expect(screen.getByTestId('ai-message').textContent).toBe('Our ');
    fireEvent.click(screen.getByTestId('stop-button'));
    expect(onStop).toHaveBeenCalledWith(M1);
  });

  it('says what to do when the message was refused, and offers to send it again', () => {
    show(turn(run(asked(), refused('rate_limited', { message_id: M1, retry_after: 6 }))));
    expect(screen.getByTestId('refusal').textContent).toContain('Wait 6 seconds, then send it again.');
    fireEvent.click(screen.getByTestId('again-button'));
    expect(onAgain).toHaveBeenCalledWith(M1);
  });

  it('shows warnings and dishes of a finished answer outside of its text', () => {
    const items = [{ id: M1, name: 'Chocolate Chip', price: 3.5, is_available: false }];
    show(turn(run(asked(), whole(1, 'Here', { warnings: ['May contain nuts'], items, status: 'stopped' }))));
    expect(screen.getByTestId('ai-message').textContent).toBe('Here');
    expect(screen.getByTestId('warning').textContent).toContain('May contain nuts');
    expect(screen.getByText('Sold out today')).toBeTruthy();
    expect(screen.getByText('Stopped here, as you asked.')).toBeTruthy();
    fireEvent.click(screen.getByTestId('answer-item'));
    expect(onShow).toHaveBeenCalledWith(M1);
  });

  it('tells where a fact comes from', () => {
    const claims = [
      {
        item_id: M1,
        item: 'Chocolate Chip',
        field: 'allergen',
        value: 'may_contain',
        allergen: 'peanuts',
        menu_version: 7,
      },
    ] as const;
    show(turn(run(asked(), whole(1, 'Here', { claims: [...claims] }))));
    expect(screen.queryByTestId('sources')).toBeNull();
    fireEvent.click(screen.getByTestId('why-button'));
    expect(screen.getByTestId('sources').textContent).toContain('Chocolate Chip: may contain peanuts');
    expect(screen.getByTestId('sources').textContent).toContain('version 7');
  });
});
