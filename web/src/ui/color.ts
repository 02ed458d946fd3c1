type Rgb = readonly [number, number, number];

/** Null when it is not #rgb or #rrggbb. */
export function parseHex(text: unknown): Rgb | null {
  if (typeof text !== 'string' || !/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)) return null;
  const full = text.length === 4 ? text.slice(1).replace(/./g, '$&$&') : text.slice(1);
  const at = (n: number) => parseInt(full.slice(n, n + 2), 16);
  return [at(0), at(2), at(4)];
}

const two = (n: number) => Math.round(n).toString(16).padStart(2, '0');
export const toHex = (rgb: Rgb) => `#${rgb.map(two).join('')}`;

export const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((n) => {
    const s = n / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG's contrast ratio, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The colour itself, or as little towards `towards` as makes it readable on `ground`. */
export function readable(color: Rgb, ground: Rgb, towards: Rgb, ratio = 4.6): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(color, towards, share);
    if (contrast(tried, ground) >= ratio) return tried;
  }
  return towards;
}

/** The same hue, light and lively: where a dark colour has to become readable by night without turning grey. */
export function lively(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map((n) => n / 255) as [number, number, number];
  const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
  const span = high - low;
  if (span < 0.04) return [251, 238, 221]; // grey has no hue
  const sector = high === r ? ((g - b) / span + 6) % 6 : high === g ? (b - r) / span + 2 : (r - g) / span + 4;
  const [light, saturation] = [0.78, 0.86];
  const chroma = (1 - Math.abs(2 * light - 1)) * saturation;
  const part = (offset: number) => {
    const at = (offset + sector) % 6;
    return 255 * (light + chroma * (Math.min(Math.max(Math.abs(at - 3) - 1, 0), 1) - 0.5));
  };
  return [part(0), part(4), part(2)];
}
