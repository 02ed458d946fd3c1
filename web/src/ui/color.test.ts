import { describe, expect, it } from 'vitest';
import { brandVariables } from './brand';
import { contrast, parseHex, readable, toHex } from './color';

const rgb = (text: string | undefined) => {
  const parsed = parseHex(text);
  if (!parsed) throw new Error(`${text} is no colour`);
  return parsed;
};

describe('colours', () => {
  it('reads both forms and nothing else', () => {
    expect(parseHex('#fa0')).toEqual([255, 170, 0]);
    expect(parseHex('#7B4B2A')).toEqual([123, 75, 42]);
    for (const bad of ['red', '#12', 'url(x)', 7, null, '#12345g']) expect(parseHex(bad)).toBeNull();
  });

  it('knows that black on white is 21 to 1', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 1);
  });

  it('leaves alone what can be read', () => {
    expect(toHex(readable([0, 0, 0], [255, 255, 255], [9, 9, 9]))).toBe('#000000');
  });
});

describe('brandVariables', () => {
  it('is nothing without a colour', () => {
    expect(brandVariables(null)).toBeNull();
    expect(brandVariables({ primary: 'javascript:alert(1)' })).toBeNull();
  });

  // Whatever a restaurant picks, text in its colours stays readable on the page and on cards, by day and by night.
  const wild = [
    '#7B4B2A',
    '#ffff00',
    '#000000',
    '#ffffff',
    '#00ff88',
    '#123456',
    '#ff0000',
    '#f2b544',
    '#808080',
  ];
  for (const primary of wild)
    for (const background of ['#FFF9EF', '#000000', '#ff00ff'])
      it(`${primary} on ${background} can be read`, () => {
        const brand = brandVariables({ primary, secondary: primary, background });
        for (const scheme of [brand?.light, brand?.dark]) {
          const of = (name: string) => rgb(scheme?.[`--mui-palette-${name}`]);
          for (const role of ['primary', 'secondary']) {
            expect(contrast(of(`${role}-main`), of('background-default'))).toBeGreaterThanOrEqual(4.5);
            expect(contrast(of(`${role}-main`), of('background-paper'))).toBeGreaterThanOrEqual(4.5);
            expect(contrast(of(`${role}-main`), of(`${role}-contrastText`))).toBeGreaterThanOrEqual(4.5);
          }
        }
      });
});
