import Alert from '@mui/material/Alert';
import { HttpError } from '../../../lib/http';
import { useDesk } from '../words';

/** What a request was refused for: what happened, and what to do. Nothing when all is well. */
export function Trouble({ error, testId }: { error: Error | null | undefined; testId?: string }) {
  const t = useDesk();
  if (!error) return null;
  const details = error instanceof HttpError ? (error.problem?.errors ?? []) : [];
  return (
    <Alert severity="error" data-testid={testId}>
      {error.message}
      {details.length > 0 && (
        <ul>
          {details.map(({ pointer, message }) => (
            <li key={pointer + message}>
              <b>{pointer.replace(/^\//, '').replaceAll('/', ' › ') || t('common.all')}</b>: {message}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
