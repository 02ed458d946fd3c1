import type { Drawing } from './drawing';

const Plate = () => (
  <>
    <ellipse cx="60" cy="64" rx="50" ry="46" fill="#00000014" />
    <circle cx="60" cy="60" r="47" fill="#fffdf8" />
    <circle cx="60" cy="60" r="34" fill="#f4e8d5" />
  </>
);

export const Dish: Drawing = ({ topping }) => (
  <>
    <Plate />
    <path d="M38 66c0-16 10-26 24-26s22 10 22 22-10 18-24 18-22-4-22-14z" fill="#c98446" />
    <path d="M42 62c2-12 10-18 20-18s16 6 18 14c-8-6-26-6-38 4z" fill="#e0a566" />
    <circle cx="80" cy="74" r="7" fill={topping} />
    <path d="M34 74c4 8 10 12 18 13-4-8-10-13-18-13z" fill="#6da556" />
    <path d="M52 50l8 18M62 47l8 17" stroke="#8a4d1e" strokeWidth="3" strokeLinecap="round" />
  </>
);

const LEAVES = [
  [44, 48, 0],
  [66, 42, 50],
  [78, 60, 110],
  [66, 76, 170],
  [44, 74, 230],
  [58, 60, 300],
] as const;

export const Salad: Drawing = ({ topping }) => (
  <>
    <Plate />
    {LEAVES.map(([x, y, turn], at) => (
      <path
        key={at}
        d={`M${x - 15} ${y}c4-15 26-15 30 0-4 13-26 13-30 0z`}
        fill={at % 2 ? '#7fb85f' : '#5b9a48'}
        transform={`rotate(${turn} ${x} ${y})`}
      />
    ))}
    <circle cx="50" cy="58" r="7" fill="#d8432f" />
    <circle cx="72" cy="54" r="6" fill="#d8432f" />
    <circle cx="62" cy="74" r="6" fill="#f7d437" />
    <circle cx="44" cy="72" r="4" fill={topping} />
    <rect x="62" y="60" width="11" height="11" rx="2" fill="#e2b36a" transform="rotate(20 66 64)" />
  </>
);

export const Pasta: Drawing = ({ topping }) => (
  <>
    <Plate />
    <g fill="none" stroke="#f0c04e" strokeWidth="5" strokeLinecap="round">
      <path d="M36 62c2-22 46-24 48-2s-40 24-42 4 32-18 34-2-24 16-26 4 16-10 18-2" />
      <path d="M34 68c6 20 46 20 52-2" stroke="#dba438" />
      <path d="M40 48c10-12 32-12 40 0" stroke="#f7d57e" />
    </g>
    <circle cx="60" cy="56" r="8" fill={topping} />
    <circle cx="72" cy="68" r="5" fill="#c9304b" />
    <path d="M50 44c-6-8 0-14 8-12 2 8-2 12-8 12z" fill="#4f8d3f" />
  </>
);

export const Soup: Drawing = ({ topping }) => (
  <>
    <path d="M14 54h92c0 26-18 46-46 46S14 80 14 54z" fill="#fffdf8" />
    <path d="M18 66c4 20 20 30 42 30s38-10 42-30" fill="none" stroke="#e6d3b8" strokeWidth="5" />
    <ellipse cx="60" cy="54" rx="46" ry="15" fill="#f4e8d5" />
    <ellipse cx="60" cy="55" rx="39" ry="11" fill={topping === '#4a2615' ? '#e09a3d' : topping} />
    <circle cx="48" cy="54" r="4" fill="#fff3df" />
    <circle cx="70" cy="57" r="5" fill="#fff3df" />
    <path d="M58 50c6-5 12-4 14 0-6 4-10 4-14 0z" fill="#4f8d3f" />
    <g stroke="#fff" strokeWidth="4" fill="none" strokeLinecap="round" opacity=".8">
      <path d="M46 34c-5-7 5-10 0-17M60 32c-5-7 5-10 0-17M74 34c-5-7 5-10 0-17" />
    </g>
  </>
);

const STICKS = [-22, -15, -8, -1, 6, 13, 20] as const;

export const Fries: Drawing = () => (
  <>
    {STICKS.map((x, at) => (
      <rect
        key={x}
        x={57 + x}
        y={20 + (at % 3) * 7}
        width="8"
        height="52"
        rx="2"
        fill={at % 2 ? '#f2c14e' : '#ffdb7d'}
        transform={`rotate(${x * 0.5} ${60 + x} 60)`}
      />
    ))}
    <path d="M30 54c10 10 50 10 60 0l-7 50a4 4 0 0 1-4 3H41a4 4 0 0 1-4-3z" fill="#c9304b" />
    <path d="M46 62l4 45M60 64v43M74 62l-4 45" stroke="#fff" strokeWidth="5" opacity=".85" />
  </>
);

export const Shell: Drawing = () => (
  <>
    <path d="M60 98C28 96 16 66 28 46s50-28 66-6-2 60-34 58z" fill="#8f8a94" />
    <path d="M60 92C34 90 24 66 33 50s42-22 55-4-2 48-28 46z" fill="#e9e4ea" />
    <path d="M58 80c-14-2-18-14-12-22s22-10 28 0-4 24-16 22z" fill="#c9bfc7" />
    <circle cx="66" cy="62" r="8" fill="#fff" />
    <circle cx="63" cy="59" r="2.5" fill="#fff" opacity=".9" />
    <path d="M22 58c2-20 22-36 46-34" stroke="#6f6a75" strokeWidth="4" fill="none" strokeLinecap="round" />
  </>
);

export const Fish: Drawing = ({ paper }) => (
  <>
    <Plate />
    <path d="M22 62c14-22 44-24 60-4l16-12c-4 12-4 20 0 32L82 66c-16 20-46 18-60-4z" fill="#6fa8bd" />
    <path d="M22 62c14-22 44-24 60-4-20-4-40-2-60 4z" fill="#93c8d8" />
    <circle cx="36" cy="58" r="3.5" fill="#26333a" />
    <path d="M50 50c5 8 5 16 0 24M62 48c5 9 5 19 0 28" stroke="#4c8399" strokeWidth="2.5" fill="none" />
    <circle cx="72" cy="84" r="9" fill="#f7d437" />
    <circle cx="72" cy="84" r="6" fill={paper[0]} />
  </>
);

export const Bread: Drawing = ({ topping }) => (
  <>
    <path d="M18 76c-6-20 10-40 42-42s48 20 42 40c-2 12-20 16-42 16s-38-2-42-14z" fill="#b9722e" />
    <path d="M20 70c-4-18 12-34 40-36s44 16 40 34c-3 10-20 13-40 13s-37-1-40-11z" fill="#e3a455" />
    <g stroke="#fff3df" strokeWidth="6" strokeLinecap="round">
      <path d="M38 48l10 16M56 43l10 18M74 46l8 15" />
    </g>
    <circle cx="46" cy="72" r="5" fill={topping} />
    <circle cx="72" cy="72" r="4" fill="#5e9c50" />
  </>
);
