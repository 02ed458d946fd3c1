import type { Drawing } from './drawing';

export const Cup: Drawing = ({ paper }) => (
  <>
    <ellipse cx="58" cy="98" rx="46" ry="8" fill="#fffdf8" />
    <path d="M24 50h64v20c0 18-14 28-32 28S24 88 24 70z" fill="#fffdf8" />
    <path d="M86 56h8a13 13 0 0 1 0 26h-9" stroke="#fffdf8" strokeWidth="7" fill="none" />
    <path d="M24 66h64v5c0 4-1 7-2 10H26c-1-3-2-6-2-10z" fill={paper[1]} />
    <ellipse cx="56" cy="50" rx="32" ry="8" fill="#f4e8d5" />
    <ellipse cx="56" cy="51" rx="27" ry="6" fill="#7a4528" />
    <path d="M46 51c4-4 8-2 10 0 2-2 6-4 10 0-2 3-6 4-10 4s-8-1-10-4z" fill="#f0d7b4" />
    <g stroke="#fff" strokeWidth="4" fill="none" strokeLinecap="round" opacity=".85">
      <path d="M44 34c-5-7 5-10 0-17M58 32c-5-7 5-10 0-17M72 34c-5-7 5-10 0-17" />
    </g>
  </>
);

export const Glass: Drawing = ({ topping }) => (
  <>
    <path d="M74 14 66 40" stroke="#e36b5b" strokeWidth="6" strokeLinecap="round" />
    <path d="M30 30h60l-8 72a5 5 0 0 1-5 4H43a5 5 0 0 1-5-4z" fill="#ffffff90" />
    <path
      d="M33 46h54l-6 54a4 4 0 0 1-4 3H43a4 4 0 0 1-4-3z"
      fill={topping === '#4a2615' ? '#f6c765' : topping}
    />
    <rect x="44" y="54" width="14" height="14" rx="3" fill="#ffffff80" transform="rotate(12 51 61)" />
    <rect x="62" y="68" width="14" height="14" rx="3" fill="#ffffff70" transform="rotate(-14 69 75)" />
    <ellipse cx="60" cy="46" rx="27" ry="5" fill="#ffffff70" />
    <path d="M40 40l5 58" stroke="#fff" strokeWidth="3" opacity=".7" strokeLinecap="round" />
  </>
);

export const Wine: Drawing = ({ topping }) => (
  <>
    <path d="M36 18h48c4 26-4 46-24 46S32 44 36 18z" fill="#ffffffa0" />
    <path d="M36 36h48c-2 16-10 26-24 26S38 52 36 36z" fill={topping === '#4a2615' ? '#8e1f3b' : topping} />
    <path d="M57 62h6v36h-6z" fill="#ffffffc0" />
    <ellipse cx="60" cy="100" rx="24" ry="6" fill="#ffffffd0" />
    <path
      d="M43 24c-1 10 0 18 4 26"
      stroke="#fff"
      strokeWidth="3"
      fill="none"
      opacity=".8"
      strokeLinecap="round"
    />
  </>
);
