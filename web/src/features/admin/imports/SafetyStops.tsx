import Alert from '@mui/material/Alert';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import { useDesk, type DeskWords } from '../words';

const KNOWN = ['allergen_weakened', 'price_jump', 'mass_removal', 'none_declared'] as const;

function wordsOf(stop: string, t: DeskWords): { title: string; words: string } {
  const known = KNOWN.find((each) => each === stop);
  return known
    ? { title: t(`stop.${known}.title`), words: t(`stop.${known}.words`) }
    : { title: stop.replaceAll('_', ' '), words: t('stop.other') };
}

interface Props {
  stops: string[];
  confirmed: string[];
  onChange: (confirmed: string[]) => void;
}

/** What must be confirmed, each by itself, before an import may be applied. */
export function SafetyStops({ stops, confirmed, onChange }: Props) {
  const t = useDesk();
  return stops.map((stop) => {
    const { title, words } = wordsOf(stop, t);
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
