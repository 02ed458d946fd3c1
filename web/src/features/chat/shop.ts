import { createContext, useContext } from 'react';
import type { Restaurant } from '../../gen/types';

/** What parts of the conversation need to know of the page around it. */
export interface Shop {
  slug: string;
  restaurant: Restaurant;
  session_id: string;
  /** Shows a dish by its id. */
  onShow: (id: string) => void;
}

export const ShopContext = createContext<Shop | null>(null);

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error('the conversation stands outside of its shop');
  return shop;
}
