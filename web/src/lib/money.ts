/** A price in the restaurant's currency and the guest's own way of writing; null means "market price". */
export function formatPrice(price: number | null, currency: string, locale?: string): string {
  if (price === null) return 'Market price – ask';
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(price);
  } catch {
    return `${price.toFixed(2)} ${currency}`;
  }
}
