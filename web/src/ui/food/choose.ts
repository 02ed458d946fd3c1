/** What a dish looks like, guessed from its own name, else from its category's. */
export type Shape =
  | 'cookie'
  | 'cup'
  | 'glass'
  | 'wine'
  | 'box'
  | 'slice'
  | 'waffle'
  | 'salad'
  | 'pasta'
  | 'soup'
  | 'fries'
  | 'shell'
  | 'fish'
  | 'bread'
  | 'scoop'
  | 'plate';

export interface Look {
  shape: Shape;
  /** What it is strewn with, or filled with; null: as such dishes mostly are. */
  topping: string | null;
  paper: readonly [string, string];
}

const SHAPES: [RegExp, Shape][] = [
  [/gift|\bbox|dozen|party|assort|bundle/i, 'box'],
  [/lemonade|juice|soda|\bcola\b|spritz|cold brew|iced|smoothie|\bwater|\bmilk\b(?!.*choc)/i, 'glass'],
  [/espresso|coffee|latte|cappuccino|americano|mocha|cocoa|hot choc|\btea\b|chai/i, 'cup'],
  [/red \d|white \d|wine|rosé|prosecco/i, 'wine'],
  [/ice cream|sundae|gelato|sorbet|scoop/i, 'scoop'],
  [/cake|tiramisu|brownie|\bpie\b|tart|slice|blondie/i, 'slice'],
  [/waffle/i, 'waffle'],
  [/cookie|biscuit|shortbread|snickerdoodle|macaron|\bchip\b/i, 'cookie'],
  [/salad|\bgreens?\b(?! curry)/i, 'salad'],
  [/spaghetti|pasta|carbonara|penne|noodle|pad thai|lasagn|ramen/i, 'pasta'],
  [/curry|soup|stew|ramen|chili|bowl/i, 'soup'],
  [/fries|chips/i, 'fries'],
  [/oyster|shrimp|mussel|clam|scallop/i, 'shell'],
  [/bass|fish|salmon|tuna|trout|\bcod\b/i, 'fish'],
  [/bread|bruschetta|toast|croissant|pastr|roll|bun|sandwich/i, 'bread'],
  [/dessert|sweet/i, 'slice'],
  [/drink|beverage/i, 'glass'],
  [/starter|small plate/i, 'salad'],
  [/bak(ed|ery)/i, 'cookie'],
];

const TOPPINGS: [RegExp, string][] = [
  [/peanut|nut\b|almond|pecan|macadamia|hazelnut/i, '#a8672c'],
  [/lemon|citrus|banana/i, '#f7d437'],
  [/straw|rasp|berry|red velvet|cherry|tomato|red \d/i, '#c9304b'],
  [/mint|matcha|pistach|green|lime|basil|vegan/i, '#5e9c50'],
  [/honey|caramel|butterscotch|toffee|ginger/i, '#d98a1f'],
  [/white choc|sugar|coconut|shortbread|vanilla|milk/i, '#fff6e6'],
  [/oat|wheat|raisin|rye/i, '#8a5a33'],
  [/unicorn|confetti|sprinkle|birthday|funfetti/i, '#e36bb0'],
];

const PAPERS = [
  ['#ffe3b8', '#f9b67f'],
  ['#ffd6df', '#f599b4'],
  ['#fdeeb0', '#f6c765'],
  ['#d9edd3', '#9dcea7'],
  ['#e4dff8', '#b6a8e6'],
  ['#d3ecf2', '#93c8d8'],
] as const;

const pick = <T>(rows: [RegExp, T][], text: string): T | undefined =>
  rows.find(([pattern]) => pattern.test(text))?.[1];

export function hash(text: string): number {
  return Array.from(text).reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973, 7);
}

export function lookOf(name: string, category: string): Look {
  return {
    shape: pick(SHAPES, name) ?? pick(SHAPES, category) ?? 'plate',
    topping: pick(TOPPINGS, name) ?? null,
    paper: PAPERS[hash(name) % PAPERS.length] ?? PAPERS[0],
  };
}

/** The emoji of a kitchen, for an assistant without one of its own. */
const EMOJI: Record<Shape, string> = {
  cookie: '🍪',
  cup: '☕',
  glass: '🥤',
  wine: '🍷',
  box: '🎁',
  slice: '🍰',
  waffle: '🧇',
  salad: '🥗',
  pasta: '🍝',
  soup: '🍲',
  fries: '🍟',
  shell: '🦪',
  fish: '🐟',
  bread: '🥖',
  scoop: '🍨',
  plate: '🍽️',
};

export const emojiOf = (name: string, cuisine: string | null) => EMOJI[lookOf(name, cuisine ?? '').shape];
