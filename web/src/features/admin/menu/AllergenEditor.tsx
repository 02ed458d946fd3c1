import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useT } from '../../../i18n/i18n';
import { allergenIcon, allergenName, REGULATED } from '../../menu/allergens';
import { VERDICTS, type Verdict, type Verdicts } from './allergenForm';
import { useDesk } from '../words';

const COLOURS: Record<Verdict, string> = {
  contains: 'error.main',
  may_contain: 'warning.main',
  free_of: 'success.main',
  unknown: 'text.secondary',
};

interface Props {
  verdicts: Verdicts;
  onChange: (verdicts: Verdicts) => void;
}

/** One row an allergen, four values each. Arrow keys move within a row, as in any group of radio buttons. */
export function AllergenEditor({ verdicts, onChange }: Props) {
  const [t, d] = [useT(), useDesk()];
  return (
    <Box
      data-testid="allergen-editor"
      sx={{ display: 'grid', gap: 0.5, gridTemplateColumns: { xl: '1fr 1fr' }, columnGap: 4 }}
    >
      {REGULATED.map((wire) => (
        <Box
          component="fieldset"
          key={wire}
          sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', border: 0, p: 0, m: 0 }}
        >
          <Typography component="legend" sx={{ float: 'left', width: 132, fontWeight: 700, p: 0 }}>
            <span aria-hidden>{allergenIcon(wire)} </span>
            {allergenName(t, wire)}
          </Typography>
          {VERDICTS.map((verdict) => {
            const on = (verdicts[wire] ?? 'unknown') === verdict;
            return (
              <Box
                component="label"
                key={verdict}
                sx={{
                  px: 1.25,
                  minHeight: 34,
                  display: 'inline-flex',
                  alignItems: 'center',
                  gap: 0.5,
                  borderRadius: 99,
                  cursor: 'pointer',
                  fontSize: '.88rem',
                  fontWeight: on ? 800 : 500,
                  color: on ? COLOURS[verdict] : 'text.secondary',
                  border: '1.5px solid',
                  borderColor: on ? COLOURS[verdict] : 'transparent',
                  '&:has(:focus-visible)': { outline: '3px solid var(--mui-palette-secondary-main)' },
                }}
              >
                <input
                  type="radio"
                  name={`allergen-${wire}`}
                  checked={on}
                  onChange={() => onChange({ ...verdicts, [wire]: verdict })}
                  style={{ accentColor: 'currentColor' }}
                />
                {d(`verdict.${verdict}`)}
              </Box>
            );
          })}
        </Box>
      ))}
    </Box>
  );
}
