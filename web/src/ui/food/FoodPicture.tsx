import type { CSSProperties } from 'react';
import { lookOf } from './choose';
import pictures from './pictures.svg';

interface Props {
  name: string;
  category: string;
  size?: string;
}

/** The drawing alone, without paper; decoration beside a name. */
export function FoodPicture({ name, category, size = '100%' }: Props) {
  const { shape, topping, paper } = lookOf(name, category);
  const style = {
    display: 'block',
    '--tile-light': paper[0],
    '--tile-deep': paper[1],
    ...(topping && { '--topping': topping }),
  };
  return (
    <svg aria-hidden width={size} height={size} style={style as CSSProperties}>
      <use href={`${pictures}#${shape}`} />
    </svg>
  );
}

/** Strewn over the paper that a dish lies on. */
export const Sprinkles = () => (
  <svg aria-hidden width="100%" height="100%">
    <use href={`${pictures}#sprinkles`} width="100%" height="100%" />
  </svg>
);
