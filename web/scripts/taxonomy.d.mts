export function printTaxonomy(def?: string): string;
