import type { Drawing } from './drawing';

const CRUMBS = [
  [44, 40, 6],
  [70, 36, 5],
  [80, 58, 6.5],
  [58, 56, 5.5],
  [38, 64, 6],
  [66, 78, 6],
  [50, 82, 4],
  [84, 76, 3.5],
  [32, 50, 3],
] as const;

export const Cookie: Drawing = ({ topping }) => (
  <>
    <path
      d="M60 18c9-1 14 4 21 7 8 4 15 8 18 17 3 8 5 15 3 24-3 9-4 17-12 23-7 6-14 10-24 11-9 2-18 1-26-4-8-4-16-9-19-18-4-8-5-18-2-27 2-9 7-16 14-22 8-6 17-10 27-11z"
      fill="#b87333"
    />
    <path
      d="M60 16c9-1 14 4 21 7 8 4 14 8 17 16 3 8 4 14 2 22-2 9-4 16-11 21-7 6-14 9-23 10-9 2-17 1-25-3-8-5-15-9-18-17-4-8-4-17-1-25 2-8 6-15 13-20 7-6 16-10 25-11z"
      fill="#dfa05a"
    />
    <path d="M36 36c8-9 18-12 30-11-12 2-22 6-28 16z" fill="#f2c183" opacity=".8" />
    {CRUMBS.map(([x, y, r], at) => (
      <g key={at}>
        <circle cx={x} cy={y + 1.5} r={r} fill="#8f5522" opacity=".55" />
        <path
          d={`M${x - r} ${y}a${r} ${r * 0.9} 0 0 1 ${2 * r} 0l-${r * 0.5} ${r * 0.8}h-${r}z`}
          fill={topping}
          transform={`rotate(${at * 47} ${x} ${y})`}
        />
      </g>
    ))}
  </>
);

export const Slice: Drawing = ({ topping }) => (
  <>
    <path d="M20 62 88 34l14 26v8L20 70z" fill="#fff3df" />
    <path d="M20 60 88 32c8 4 13 14 14 28z" fill={topping} />
    <path d="M20 68h82v30H20z" fill="#d9974f" />
    <path d="M20 78h82v7H20z" fill="#fff3df" />
    <path d="M20 60h82v9c-5 7-9 1-13 6s-9 4-13-2-9 7-14 3-9-8-14-2-9 2-13-1-9-3-15-2z" fill="#fff8ec" />
    <circle cx="74" cy="37" r="8" fill="#c9304b" />
    <path d="M74 30c1-7 5-10 10-11" stroke="#5e7d3a" strokeWidth="2.5" fill="none" strokeLinecap="round" />
  </>
);

const HOLES = [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((column) => [column, row] as const));

export const Waffle: Drawing = () => (
  <>
    <circle cx="60" cy="62" r="42" fill="#b56a26" />
    <circle cx="60" cy="59" r="42" fill="#e2a04a" />
    {HOLES.map(([column, row]) => (
      <rect
        key={`${column}${row}`}
        x={31 + column * 15}
        y={30 + row * 15}
        width="11"
        height="11"
        rx="3"
        fill="#bf7a2f"
      />
    ))}
    <path
      d="M46 44c10-6 26-4 30 3s2 18-4 20-5 12-10 11-3-9-9-9-16-4-15-11 2-11 8-14z"
      fill="#8a3d12"
      opacity=".75"
    />
    <rect x="50" y="40" width="20" height="13" rx="3" fill="#ffe9a3" transform="rotate(-10 60 46)" />
  </>
);

export const Box: Drawing = ({ paper }) => (
  <>
    <path d="M22 52h76v46a4 4 0 0 1-4 4H26a4 4 0 0 1-4-4z" fill="#c98550" />
    <path d="M22 52h76v10H22z" fill="#a96a39" />
    <path d="M16 38h88a4 4 0 0 1 4 4v12H12V42a4 4 0 0 1 4-4z" fill="#e0a873" />
    <path d="M52 38h16v64H52z" fill={paper[1]} />
    <path
      d="M60 38c-8-18-30-20-28-8 1 8 16 8 28 8zm0 0c8-18 30-20 28-8-1 8-16 8-28 8z"
      fill={paper[1]}
      stroke="#fff"
      strokeOpacity=".5"
      strokeWidth="2"
    />
    <circle cx="60" cy="38" r="6" fill="#fff" opacity=".75" />
  </>
);

export const Scoop: Drawing = ({ topping, paper }) => (
  <>
    <path d="M40 62h40L60 108z" fill="#d79a4e" />
    <path d="M44 70 62 104M52 64l16 26M76 70 58 104M68 64 52 90" stroke="#a8672c" strokeWidth="2" />
    <circle cx="60" cy="46" r="27" fill="#fff3df" />
    <path
      d="M33 46a27 27 0 0 1 54 0c-4 8-9 3-13 7s-9 2-14-1-9 4-14 1-10 0-13-7z"
      fill={topping === '#4a2615' ? '#7a4528' : topping}
    />
    <circle cx="76" cy="22" r="7" fill="#c9304b" />
    <rect x="44" y="34" width="8" height="3" rx="1.5" fill={paper[0]} transform="rotate(30 44 34)" />
    <rect x="62" y="32" width="8" height="3" rx="1.5" fill={paper[1]} transform="rotate(-20 62 32)" />
  </>
);
