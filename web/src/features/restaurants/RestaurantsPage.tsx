import { useEffect } from 'react';
import { Link } from 'react-router-dom';
import type { Restaurant } from '../../gen/types';
import { useT } from '../../i18n/i18n';
import { LanguageButton } from '../../i18n/LanguageButton';
import { Awning } from '../../ui/Awning';
import { Explain } from '../../ui/Explain';
import { FoodTile } from '../../ui/FoodTile';
import { SchemeButton } from '../../ui/SchemeButton';
import './RestaurantsPage.css';
import { useRestaurants } from './useRestaurants';

function RestaurantCard({ restaurant }: { restaurant: Restaurant }) {
  return (
    <li>
      <Link to={`/r/${restaurant.slug}`}>
        <div className="picture">
          <FoodTile name={restaurant.name} category={restaurant.cuisine_type ?? ''} />
        </div>
        <div className="words">
          <h2 className="display-3">{restaurant.name}</h2>
          {restaurant.cuisine_type && <p className="cuisine">{restaurant.cuisine_type}</p>}
          <p className="soft">{restaurant.description}</p>
        </div>
      </Link>
    </li>
  );
}

function Restaurants() {
  const t = useT();
  const { data, error, refetch } = useRestaurants();
  if (error) {
    return (
      <Explain
        picture="🔌"
        title={t('restaurants.failed')}
        action={{ label: t('error.again'), run: () => void refetch() }}
      >
        {error.message}
      </Explain>
    );
  }
  if (data?.length === 0) {
    return (
      <Explain picture="🥣" title={t('restaurants.none_title')} level="h2">
        {t('restaurants.none')}
      </Explain>
    );
  }
  return (
    <ul aria-busy={!data} className="restaurants">
      {data?.map((each) => <RestaurantCard key={each.id} restaurant={each} />) ??
        [1, 2, 3].map((each) => <li key={each} className="skeleton" />)}
    </ul>
  );
}

export default function RestaurantsPage() {
  const t = useT();
  useEffect(() => {
    document.title = t('restaurants.page_title');
  }, [t]);
  return (
    <>
      <Awning />
      <main className="wrap">
        <div className="restaurants-head">
          <div>
            <h1 className="display-1">{t('restaurants.title')}</h1>
            <p className="soft">{t('restaurants.lead')}</p>
          </div>
          <div className="row">
            <LanguageButton />
            <SchemeButton />
          </div>
        </div>
        <Restaurants />
      </main>
    </>
  );
}
