import type { Restaurant } from '../../gen/types';
import { LanguageButton } from '../../i18n/LanguageButton';
import { InstallButton } from '../../pwa/InstallButton';
import { Awning } from '../../ui/Awning';
import { FoodPicture } from '../../ui/food/FoodPicture';
import { SchemeButton } from '../../ui/SchemeButton';
import { Hours } from './Hours';
import { tellsHours } from './hours';
import './RestaurantHeader.css';

/** Who keeps this house, with the plate of what it is about at the right of the name. The beginning of restaurant.html looks the same. */
export function RestaurantHeader({ restaurant }: { restaurant: Restaurant }) {
  const { name, cuisine_type, description } = restaurant;
  return (
    <header className="shop-header">
      <Awning />
      <div className="wrap">
        <div className="row shop-controls">
          <InstallButton />
          <LanguageButton />
          <SchemeButton />
        </div>
        <div className="shop-name">
          <div>
            {cuisine_type && <p className="shop-cuisine">{cuisine_type}</p>}
            <h1 className="display-1">{name}</h1>
            {description && <p className="shop-about soft">{description}</p>}
            {tellsHours(restaurant.hours) && (
              <div className="shop-hours">
                <Hours restaurant={restaurant} />
              </div>
            )}
          </div>
          <div aria-hidden className="shop-plate">
            <FoodPicture name={name} category={cuisine_type ?? ''} size="150px" />
          </div>
        </div>
      </div>
    </header>
  );
}
