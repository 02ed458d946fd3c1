import Box from '@mui/material/Box';

const PICTURES: [RegExp, string][] = [
  [/gift|box|dozen|party|assort|bundle/i, '🎁'],
  [/espresso|coffee|latte|cappuccino|americano|mocha|brew/i, '☕'],
  [/cocoa|hot chocolate/i, '🍫'],
  [/\btea\b|chai/i, '🍵'],
  [/lemonade|juice|soda/i, '🍋'],
  [/\bmilk\b(?!.*choc)/i, '🥛'],
  [/red \d|wine/i, '🍷'],
  [/ice cream|sundae|gelato/i, '🍨'],
  [/cake|tiramisu|brownie/i, '🍰'],
  [/waffle/i, '🧇'],
  [/salad/i, '🥗'],
  [/spaghetti|pasta|carbonara/i, '🍝'],
  [/thai|curry|soup|ramen/i, '🍜'],
  [/fries/i, '🍟'],
  [/oyster|shrimp|mussel/i, '🦪'],
  [/bass|fish|salmon/i, '🐟'],
  [/bread|bruschetta|toast/i, '🥖'],
  [/croissant|pastr/i, '🥐'],
  [/pie|tart/i, '🥧'],
  [/cookie|biscuit|shortbread|snickerdoodle|macaron/i, '🍪'],
];

const ACCENTS: [RegExp, string][] = [
  [/peanut|nut\b|almond|pecan|macadamia|hazelnut/i, '🥜'],
  [/lemon|citrus/i, '🍋'],
  [/straw|rasp|berry/i, '🍓'],
  [/oat|wheat|raisin/i, '🌾'],
  [/mint|matcha|vegan/i, '🌿'],
  [/honey|ginger|caramel|butterscotch/i, '🍯'],
  [/chili|spic/i, '🌶️'],
  [/choc|cocoa|fudge/i, '🍫'],
  [/butter|snickerdoodle|sugar/i, '🧈'],
];

const PAPERS = [
  ['#ffd9a0', '#f7a072'],
  ['#ffc9d6', '#f283a5'],
  ['#fde68f', '#f5b84b'],
  ['#cfe8c9', '#8fc79a'],
  ['#d9d3f5', '#a99ae0'],
  ['#c7e6ee', '#84bfd1'],
] as const;

const pick = (rows: [RegExp, string][], text: string) =>
  rows.find(([words]) => words.test(text))?.[1] ?? null;

function hash(text: string): number {
  return Array.from(text).reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973, 7);
}

/** What stands for a dish where there is no photo: chosen by its own name, else by its category's. */
export function pictureOf(
  name: string,
  category: string,
): { main: string; accent: string | null; paper: readonly [string, string] } {
  const main = pick(PICTURES, name) ?? pick(PICTURES, category) ?? '🍽️';
  const accent = pick(ACCENTS, name);
  return {
    main,
    accent: accent === main ? null : accent,
    paper: PAPERS[hash(name) % PAPERS.length] ?? PAPERS[0],
  };
}

const SPRINKLES = [
  [12, 18, 20],
  [84, 14, -35],
  [22, 78, 60],
  [90, 70, 10],
  [52, 10, -15],
  [8, 48, -60],
] as const;

/** An illustrated tile on coloured paper; decoration beside the dish's name. */
export function FoodTile({ name, category, muted }: { name: string; category: string; muted?: boolean }) {
  const { main, accent, paper } = pictureOf(name, category);
  return (
    <Box
      aria-hidden
      sx={{
        position: 'relative',
        height: '100%',
        minHeight: 'inherit',
        display: 'grid',
        placeItems: 'center',
        overflow: 'hidden',
        background: `radial-gradient(circle at 30% 20%, ${paper[0]}, ${paper[1]})`,
        filter: muted ? 'grayscale(.75) brightness(.92)' : 'none',
      }}
    >
      <svg
        width="100%"
        height="100%"
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        style={{ position: 'absolute', inset: 0 }}
      >
        {SPRINKLES.map(([x, y, turn]) => (
          <rect
            key={`${x}-${y}`}
            x={x}
            y={y}
            width="6"
            height="2"
            rx="1"
            fill="#fff"
            opacity=".65"
            transform={`rotate(${turn} ${x} ${y})`}
          />
        ))}
      </svg>
      <Box
        sx={{
          width: 'min(66%, 110px)',
          aspectRatio: '1',
          borderRadius: '50%',
          bgcolor: 'rgb(255 255 255 / .38)',
          position: 'absolute',
        }}
      />
      <Box sx={{ position: 'relative', fontSize: 'clamp(2.4rem, 7vw, 3.6rem)', lineHeight: 1 }}>
        {main}
        {accent && (
          <Box
            component="span"
            sx={{ position: 'absolute', right: '-.55em', bottom: '-.35em', fontSize: '.48em' }}
          >
            {accent}
          </Box>
        )}
      </Box>
    </Box>
  );
}
