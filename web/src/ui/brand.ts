import { contrast, lively, mix, parseHex, readable, toHex } from './color';

/** A restaurant's own colours, as members of its `theme`; each may be missing or nonsense. */
interface RestaurantTheme {
  primary?: unknown;
  secondary?: unknown;
  background?: unknown;
}

const INK = [58, 33, 22] as const;
const NIGHT = [26, 18, 13] as const;
const CREAM = [255, 250, 242] as const;
const BUTTER = [251, 238, 221] as const;

type Rgb = readonly [number, number, number];
export type Variables = Record<`--${string}`, string>;

const channel = (rgb: Rgb) => rgb.map(Math.round).join(' ');

function role(name: 'primary' | 'secondary', main: Rgb, ground: Rgb): Variables {
  const text = contrast(main, CREAM) >= contrast(main, NIGHT) ? CREAM : NIGHT;
  return {
    [`--${name}`]: toHex(main),
    [`--on-${name}`]: toHex(text),
    [`--mui-palette-${name}-main`]: toHex(main),
    [`--mui-palette-${name}-mainChannel`]: channel(main),
    [`--mui-palette-${name}-dark`]: toHex(mix(main, text === CREAM ? NIGHT : CREAM, 0.18)),
    [`--mui-palette-${name}-light`]: toHex(mix(main, ground, 0.25)),
    [`--mui-palette-${name}-contrastText`]: toHex(text),
  };
}

function scheme(dark: boolean, primary: Rgb, secondary: Rgb, background: Rgb | null): Variables {
  const ground: Rgb = dark ? mix(NIGHT, primary, 0.05) : softened(background);
  const paper = mix(ground, dark ? BUTTER : [255, 255, 255], dark ? 0.06 : 0.7);
  // Text in these colours stands on paper and on the page; the darker of two light grounds decides.
  const shown = (color: Rgb) =>
    dark ? readable(color, paper, lively(color), 6) : readable(color, ground, INK);
  return {
    ...role('primary', shown(primary), ground),
    ...role('secondary', shown(secondary), ground),
    '--ground': toHex(ground),
    '--paper': toHex(paper),
    '--mui-palette-background-default': toHex(ground),
    '--mui-palette-background-paper': toHex(paper),
    '--brand': toHex(primary),
    '--brand-2': toHex(secondary),
    '--brand-glow': toHex(mix(secondary, ground, dark ? 0.68 : 0.5)),
    '--brand-cloth': toHex(dark ? mix(primary, NIGHT, 0.15) : primary),
  };
}

/** A page is read on it, so it has to be nearly white. */
function softened(background: Rgb | null): Rgb {
  return background ? readable(background, INK, [255, 255, 255], 13) : [255, 246, 233];
}

/** The variables that dress the app in a restaurant's colours, by day and by night; null: it has none. Readable whatever was chosen. */
export function brandVariables(theme: unknown): { light: Variables; dark: Variables } | null {
  const given = (typeof theme === 'object' ? theme : null) as RestaurantTheme | null;
  const primary = parseHex(given?.primary);
  if (!primary) return null;
  const secondary = parseHex(given?.secondary) ?? mix(primary, [242, 131, 165], 0.5);
  const background = parseHex(given?.background);
  return {
    light: scheme(false, primary, secondary, background),
    dark: scheme(true, primary, secondary, background),
  };
}
