/** Making a format costs a hundred times what using it does, and a menu has a price for each dish. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, locale?: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.NumberFormat(locale, { style: 'currency', currency })));
  return made;
}

/** A price in the restaurant's currency and the guest's own way of writing. */
export function formatPrice(price: number, currency: string, locale?: string): string {
  try {
    return formatOf(currency, locale).format(price);
  } catch {
    return `${price.toFixed(2)} ${currency}`;
  }
}
