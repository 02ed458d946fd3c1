import Box from '@mui/material/Box';
import { useState } from 'react';
import { lookOf } from './food/choose';
import { FoodPicture } from './food/FoodPicture';

const SPRINKLES = [
  [12, 18, 20],
  [84, 14, -35],
  [22, 78, 60],
  [90, 70, 10],
  [52, 8, -15],
  [8, 48, -60],
] as const;

function Sprinkles() {
  return (
    <svg width="100%" height="100%" style={{ position: 'absolute', inset: 0 }}>
      {SPRINKLES.map(([x, y, turn]) => (
        <svg key={`${x}-${y}`} x={`${x}%`} y={`${y}%`} overflow="visible">
          <rect width="14" height="5" rx="2.5" fill="#fff" opacity=".7" transform={`rotate(${turn})`} />
        </svg>
      ))}
    </svg>
  );
}

interface Props {
  name: string;
  category: string;
  photo?: string | null | undefined;
  muted?: boolean | undefined;
}

/** A dish: its photo, or an illustration on coloured paper. Decoration beside the dish's name. */
export function FoodTile({ name, category, photo, muted }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const { paper } = lookOf(name, category);
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
        filter: muted ? 'grayscale(.8) brightness(.94)' : 'none',
      }}
    >
      {photo?.startsWith('https://') && broken !== photo ? (
        <img
          src={photo}
          alt=""
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          onError={() => setBroken(photo)}
          style={{ position: 'absolute', inset: 0, width: '100%', height: '100%', objectFit: 'cover' }}
        />
      ) : (
        <>
          <Sprinkles />
          <Box
            className="food"
            sx={{
              position: 'absolute',
              height: 'min(78%, 170px)',
              maxWidth: '78%',
              aspectRatio: '1',
              filter: 'drop-shadow(0 7px 7px rgb(60 30 10 / .28))',
              transition: 'transform .3s',
            }}
          >
            <FoodPicture name={name} category={category} />
          </Box>
        </>
      )}
    </Box>
  );
}
