import { memo } from 'react';
import { useT } from '../../i18n/i18n';
import { FoodTile } from '../../ui/FoodTile';
import { allergenName } from './allergens';
import { AllergenNote } from './AllergenNote';
import type { Found } from './filter';
import './ItemCard.css';
import { Marks } from './Marks';
import { Price } from './Price';
import { SoldOut } from './SoldOut';

interface Props {
  found: Found;
  currency: string;
  onOpen: (id: string) => void;
}

/** Says on a dish that what the guest avoids was never checked. */
function Unknown({ allergens }: { allergens: string[] }) {
  const t = useT();
  if (allergens.length === 0) return null;
  const names = allergens.map((wire) => allergenName(t, wire)).join(', ');
  return (
    <p data-testid="unknown-mark" className="dish-unknown warn">
      <span aria-hidden>❓ </span>
      {t('filter.unknown_mark', { allergens: names })} {t('filter.ask_staff')}
    </p>
  );
}

/** One dish of the menu. There are hundreds: plain elements and a style sheet. */
export const ItemCard = memo(function ItemCard({ found, currency, onOpen }: Props) {
  const t = useT();
  const { item, category } = found;
  return (
    <li className={item.is_available ? 'dish' : 'dish gone'} data-testid="menu-item">
      <div className="dish-picture">
        <FoodTile name={item.name} category={category} photo={item.image_url} muted={!item.is_available} />
        <SoldOut item={item} />
      </div>
      <div className="dish-words">
        <div className="dish-head">
          <h3 className="display-3" dir="auto">
            {item.name}
          </h3>
          <Price price={item.price} currency={currency} />
        </div>
        {item.description && (
          <p className="dish-about" dir="auto">
            {item.description}
          </p>
        )}
        <Marks item={item} />
        <Unknown allergens={found.unknown} />
        <AllergenNote info={item.allergen_info} />
      </div>
      <button
        type="button"
        className="dish-open"
        aria-label={t('item.more', { name: item.name })}
        aria-haspopup="dialog"
        onClick={() => onOpen(item.id)}
      />
    </li>
  );
});
