import Alert from '@mui/material/Alert';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';

const WORDS: Record<string, [string, string]> = {
  allergen_weakened: [
    'Allergens become weaker',
    'At least one dish would no longer say that it contains, or may contain, an allergen. I have checked that this is true.',
  ],
  price_jump: ['Prices jump', 'At least one price changes by a lot. I have looked at them.'],
  mass_removal: ['Many dishes go', 'A large part of the menu would be removed. I mean that.'],
  none_declared: [
    'Dishes without any allergen',
    'At least one dish would be declared to contain none of the allergens. I have checked its recipe.',
  ],
};

interface Props {
  stops: string[];
  confirmed: string[];
  onChange: (confirmed: string[]) => void;
}

/** What must be confirmed, each by itself, before an import may be applied. */
export function SafetyStops({ stops, confirmed, onChange }: Props) {
  return stops.map((stop) => {
    const [title, words] = WORDS[stop] ?? [
      stop.replaceAll('_', ' '),
      'I have looked at this, and it is meant.',
    ];
    const on = confirmed.includes(stop);
    return (
      <Alert key={stop} severity="warning" icon={<span aria-hidden>🛑</span>} data-testid="safety-stop">
        <b>{title}</b>
        <br />
        <FormControlLabel
          label={words}
          control={
            <Checkbox
              checked={on}
              onChange={() => onChange(on ? confirmed.filter((each) => each !== stop) : [...confirmed, stop])}
            />
          }
        />
      </Alert>
    );
  });
}
