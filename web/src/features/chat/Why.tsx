import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { useId, useState } from 'react';
import type { Claim } from '../../gen/types';
import { useLocale, useT, type Translate } from '../../i18n/i18n';
import { formatPrice } from '../../lib/money';
import { allergenName } from '../menu/allergens';
import { useShop } from './shop';

const VERDICTS = ['contains', 'may_contain', 'free_of'] as const;

/** A fact in words, as it was read from the menu. */
export function claimWords(claim: Claim, t: Translate, currency: string, locale?: string): string {
  switch (claim.field) {
    case 'price':
      return typeof claim.value === 'number'
        ? t('why.price', { value: formatPrice(claim.value, currency, locale) })
        : t('menu.market_price');
    case 'availability':
      return t(claim.value ? 'why.available' : 'why.sold_out');
    case 'existence':
      return t(claim.value ? 'why.exists' : 'why.not_exists');
    case 'allergen': {
      const verdict = VERDICTS.find((each) => each === claim.value) ?? 'unknown';
      return t(`why.${verdict}`, { allergen: allergenName(t, claim.allergen ?? '') });
    }
  }
}

function Sources({ id, claims }: { id: string; claims: Claim[] }) {
  const [t, locale, { restaurant, onShow }] = [useT(), useLocale(), useShop()];
  const version = Math.max(...claims.map((claim) => claim.menu_version));
  return (
    <Box
      id={id}
      data-testid="sources"
      sx={{ p: 1.5, borderRadius: '14px', border: '1.5px dashed', borderColor: 'divider' }}
    >
      <Typography sx={{ fontWeight: 800, fontSize: '.92rem' }}>{t('why.title')}</Typography>
      <Box component="ul" sx={{ m: 0, my: 0.5, paddingInlineStart: 2.25, fontSize: '.9rem' }}>
        {claims.map((claim, at) => (
          <li key={at}>
            <Link
              component="button"
              type="button"
              onClick={() => onShow(claim.item_id)}
              sx={{ font: 'inherit', fontWeight: 700 }}
            >
              {claim.item}
            </Link>
            {': '}
            {claimWords(claim, t, restaurant.currency, locale)}
          </li>
        ))}
      </Box>
      <Typography color="text.secondary" sx={{ fontSize: '.82rem' }}>
        {t('why.lead', { version })}
      </Typography>
    </Box>
  );
}

/** Where the facts of an answer come from, on demand. */
export function Why({ claims }: { claims: Claim[] }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const id = useId();
  if (claims.length === 0) return null;
  return (
    <>
      <Button
        size="small"
        data-testid="why-button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        sx={{ justifySelf: 'start', minHeight: 36 }}
      >
        {t(open ? 'why.hide' : 'why.button')}
      </Button>
      {open && <Sources id={id} claims={claims} />}
    </>
  );
}
