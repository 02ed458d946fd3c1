import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createQueue, type Kept, type Sent } from './queue';

const event = (n: number): Kept => ({
  id: `e${n}`,
  type: 'menu_view',
  restaurant_id: 'r',
  at: '2026-01-01T00:00:00Z',
});

function setUp(stored: Kept[] = []) {
  const kept = { events: stored };
  const post = vi.fn<(events: Kept[]) => Promise<Sent>>().mockResolvedValue('taken');
  const queue = createQueue({ post, load: () => kept.events, keep: (events) => (kept.events = events) });
  const sent = () => post.mock.calls.map(([batch]) => batch.map((each) => each.id));
  return { queue, post, kept, sent };
}

describe('events of guests', () => {
  beforeEach(() => void vi.useFakeTimers());

  it('wait for company', async () => {
    const { queue, sent } = setUp();
    queue.add(event(1));
    queue.add(event(2));
    expect(sent()).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent()).toEqual([['e1', 'e2']]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent()).toHaveLength(1);
  });

  it('go at once when there are twenty', async () => {
    const { queue, sent } = setUp();
    for (let n = 0; n < 20; n++) queue.add(event(n));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()[0]).toHaveLength(20);
  });

  it('are sent again, ever more seldom, until they arrive', async () => {
    const { queue, post, kept, sent } = setUp();
    post.mockRejectedValueOnce(new Error('no network')).mockResolvedValueOnce('later');
    queue.add(event(1));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(kept.events).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(sent()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent()).toEqual([['e1'], ['e1'], ['e1']]);
    expect(kept.events).toEqual([]);
  });

  it('are dropped when the server refuses them', async () => {
    const { queue, post, sent } = setUp();
    post.mockResolvedValueOnce('refused');
    queue.add(event(1));
    await vi.advanceTimersByTimeAsync(200_000);
    expect(sent()).toHaveLength(1);
  });

  it('survive the page, and only the newest two hundred do', async () => {
    const { queue, post, kept } = setUp();
    post.mockResolvedValue('later');
    for (let n = 0; n < 250; n++) queue.add(event(n));
    queue.leave();
    expect(kept.events).toHaveLength(200);
    expect(kept.events.at(-1)?.id).toBe('e249');
    const next = setUp(kept.events);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(next.sent().flat()).toHaveLength(200);
  });
});
