import { useState, type CSSProperties } from 'react';
import './FoodTile.css';
import { lookOf } from './food/choose';
import { FoodPicture, Sprinkles } from './food/FoodPicture';

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
  const shown = photo?.startsWith('https://') && broken !== photo ? photo : null;
  return (
    <div
      aria-hidden
      className={`tile${muted ? ' muted' : ''}`}
      style={{ '--tile-light': paper[0], '--tile-deep': paper[1] } as CSSProperties}
    >
      {shown ? (
        <img
          src={shown}
          alt=""
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          onError={() => setBroken(shown)}
        />
      ) : (
        <>
          <Sprinkles />
          <div className="food">
            <FoodPicture name={name} category={category} />
          </div>
        </>
      )}
    </div>
  );
}
