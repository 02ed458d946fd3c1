import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useT } from '../../i18n/i18n';
import { refusalWords } from './refusals';
import type { Refusal } from './state';

interface Props {
  refusal: Refusal;
  onAgain?: (() => void) | undefined;
}

/** What went wrong with one message and what to do about it. */
export function RefusalNote({ refusal, onAgain }: Props) {
  const t = useT();
  const again = onAgain && (
    <Button color="inherit" size="small" data-testid="again-button" onClick={onAgain}>
      {t('chat.send_again')}
    </Button>
  );
  return (
    <Alert severity="error" action={again} data-testid="refusal" sx={{ alignItems: 'center' }}>
      {refusalWords(refusal, t)}
    </Alert>
  );
}
