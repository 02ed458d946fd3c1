import { lookOf, type Shape } from './choose';
import type { Drawing } from './drawing';
import { Cup, Glass, Wine } from './drinks';
import { Bread, Dish, Fish, Fries, Pasta, Salad, Shell, Soup } from './savoury';
import { Box, Cookie, Scoop, Slice, Waffle } from './sweet';

const DRAWINGS: Record<Shape, Drawing> = {
  cookie: Cookie,
  cup: Cup,
  glass: Glass,
  wine: Wine,
  box: Box,
  slice: Slice,
  waffle: Waffle,
  salad: Salad,
  pasta: Pasta,
  soup: Soup,
  fries: Fries,
  shell: Shell,
  fish: Fish,
  bread: Bread,
  scoop: Scoop,
  plate: Dish,
};

/** The drawing alone, without paper; decoration beside a name. */
export function FoodPicture({
  name,
  category,
  size = '100%',
}: {
  name: string;
  category: string;
  size?: string;
}) {
  const look = lookOf(name, category);
  return (
    <svg aria-hidden viewBox="0 0 120 120" width={size} height={size} style={{ display: 'block' }}>
      {DRAWINGS[look.shape](look)}
    </svg>
  );
}
