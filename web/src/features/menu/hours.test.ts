import { describe, expect, it } from 'vitest';
import { localMoment, openingAt } from './hours';

const hours = {
  monday: [],
  tuesday: [
    { from: '12:00', to: '14:30' },
    { from: '18:00', to: '22:00' },
  ],
  friday: [{ from: '20:00', to: '02:00' }],
  saturday: [{ from: '10:00', to: '12:00' }],
};
const at = (iso: string) => openingAt(hours, 'Europe/Berlin', new Date(iso));

describe('openingAt', () => {
  it('goes by the clock of the restaurant, not of the guest', () => {
    expect(localMoment(new Date('2026-03-03T11:30:00Z'), 'Europe/Berlin')).toEqual({ day: 1, minute: 750 });
    expect(localMoment(new Date('2026-03-03T23:30:00Z'), 'Europe/Berlin')).toEqual({ day: 2, minute: 30 });
  });

  it('is open inside a span, up to its end', () => {
    expect(at('2026-03-03T11:30:00Z')).toEqual({ open: true, until: '14:30' });
    expect(at('2026-03-03T13:30:00Z')).toEqual({
      open: false,
      at: { day: 'tuesday', days_ahead: 0, time: '18:00' },
    });
  });

  it('stays open past midnight', () => {
    expect(at('2026-03-06T23:30:00Z')).toEqual({ open: true, until: '02:00' });
    expect(at('2026-03-07T01:00:00Z')).toMatchObject({ open: false, at: { day: 'saturday', time: '10:00' } });
  });

  it('finds the next opening days ahead, also a week later', () => {
    expect(at('2026-03-07T12:00:00Z')).toMatchObject({
      at: { day: 'tuesday', days_ahead: 3, time: '12:00' },
    });
    expect(
      openingAt({ monday: [{ from: '09:00', to: '10:00' }] }, 'UTC', new Date('2026-03-02T11:00:00Z')),
    ).toEqual({ open: false, at: { day: 'monday', days_ahead: 7, time: '09:00' } });
  });

  it('says nothing where nothing is known', () => {
    expect(openingAt(null, 'UTC', new Date())).toBeNull();
    expect(openingAt({ monday: [] }, 'UTC', new Date())).toBeNull();
    expect(openingAt({ monday: [{ from: 'x', to: 9 }] }, 'UTC', new Date())).toBeNull();
    expect(openingAt(hours, 'Middle/Earth', new Date())).toBeNull();
  });
});
