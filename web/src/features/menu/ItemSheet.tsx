import type { Menu, MenuItem } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { Explain } from '../../ui/Explain';
import { FoodTile } from '../../ui/FoodTile';
import { Sheet } from '../../ui/Sheet';
import { AllergenPanel } from './AllergenPanel';
import './ItemSheet.css';
import { Marks } from './Marks';
import { Price } from './Price';
import { SoldOut } from './SoldOut';

interface Props {
  menu: Menu;
  id: string;
  onClose: () => void;
  onAsk: (item: MenuItem) => void;
}

function CloseButton({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <button type="button" className="item-close" aria-label={t('item.close')} onClick={onClose}>
      <span aria-hidden>✕</span>
    </button>
  );
}

function Ingredients({ item }: { item: MenuItem }) {
  const t = useT();
  return (
    <section>
      <h3 className="display-3">{t('item.ingredients')}</h3>
      {item.ingredients.length > 0 ? (
        <p dir="auto" data-testid="ingredients">
          {item.ingredients.map((each) => each.name).join(' · ')}
        </p>
      ) : (
        <p className="soft">{t('item.no_ingredients')}</p>
      )}
    </section>
  );
}

function Details({ item, currency, onAsk }: { item: MenuItem; currency: string; onAsk: Props['onAsk'] }) {
  const t = useT();
  return (
    <div className="item-details">
      <div>
        <div className="dish-head">
          <h2 className="display-2" dir="auto">
            {item.name}
          </h2>
          <Price price={item.price} currency={currency} large />
        </div>
        {item.description && (
          <p dir="auto" className="item-about">
            {item.description}
          </p>
        )}
        <Marks item={item} />
      </div>
      <Ingredients item={item} />
      <section>
        <h3 className="display-3">{t('allergens.title')}</h3>
        <AllergenPanel info={item.allergen_info} />
      </section>
      <div className="item-ask">
        <button type="button" className="button" data-testid="ask-about" onClick={() => onAsk(item)}>
          <span aria-hidden>💬</span>
          {t('item.ask')}
        </button>
      </div>
    </div>
  );
}

/** One dish with all that is known about it. What the kitchen changes meanwhile shows up at once. */
export default function ItemSheet({ menu, id, onClose, onAsk }: Props) {
  const t = useT();
  const category = menu.categories.find((each) => each.items.some((item) => item.id === id));
  const item = category?.items.find((each) => each.id === id);
  return (
    <Sheet label={item?.name ?? t('item.gone_title')} onClose={onClose} testId="item-sheet">
      {item && category ? (
        <>
          <div className="item-picture">
            <FoodTile
              name={item.name}
              category={category.name}
              photo={item.image_url}
              muted={!item.is_available}
            />
            <SoldOut item={item} />
            <CloseButton onClose={onClose} />
          </div>
          <Details item={item} currency={menu.restaurant.currency} onAsk={onAsk} />
        </>
      ) : (
        <Explain
          picture="🫙"
          title={t('item.gone_title')}
          level="h2"
          action={{ label: t('item.close'), run: onClose }}
        >
          {t('item.gone')}
        </Explain>
      )}
    </Sheet>
  );
}
