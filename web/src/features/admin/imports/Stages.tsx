import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { ImportState } from '../../../gen/types';
import { save } from '../parts/save';
import { Trouble } from '../parts/Trouble';
import { authedText } from '../session/authed';
import { PreviewRows } from './PreviewRows';
import { notesOf } from './rowWords';
import { SafetyStops } from './SafetyStops';
import { failedRowsPath, type Import } from './useImport';

const DOING: Record<string, string> = {
  receiving: 'Receiving the file…',
  previewing: 'Reading it, and comparing it with the menu…',
  applying: 'Putting it into the menu…',
};

/** How far it is, live. */
export function Working({ status, done, total }: { status: string; done: number; total: number }) {
  const share = total > 0 ? Math.min(100, (done / total) * 100) : undefined;
  return (
    <Box role="status" data-testid="import-progress" sx={{ display: 'grid', gap: 1, py: 3 }}>
      <Typography>
        {DOING[status]} {share !== undefined && `${Math.round(share)} %`}
      </Typography>
      <LinearProgress
        aria-label="Progress of the import"
        variant={share === undefined ? 'indeterminate' : 'determinate'}
        {...(share !== undefined && { value: share })}
        sx={{ height: 12, borderRadius: 9 }}
      />
    </Box>
  );
}

async function download(id: string) {
  save('rows-with-errors.csv', 'text/csv', await authedText(failedRowsPath(id), 'text/csv'));
}

function FileNotes({ state }: { state: ImportState }) {
  const columns = Array.isArray(state.columns)
    ? (state.columns as { header: string; column: string | null }[]).map(
        ({ header, column }) => `${header} → ${column ?? 'left out'}`,
      )
    : [];
  return (
    <Box
      component="details"
      open={state.counts.error > 0}
      sx={{ '& summary': { cursor: 'pointer', fontWeight: 700 } }}
    >
      <summary>How the file was read</summary>
      <Typography color="text.secondary">{columns.join(' · ')}</Typography>
      {notesOf(state.notes).map((note) => (
        <Typography key={note.code + note.message} color="text.secondary">
          {note.message}
        </Typography>
      ))}
    </Box>
  );
}

/** The preview, ready to be applied. */
export function Ready({ state, job }: { state: ImportState; job: Import }) {
  const [confirmed, setConfirmed] = useState<string[]>([]);
  const stops = state.needs_confirmation;
  const blocked = state.on_error === 'reject_all' && state.counts.error > 0;
  const changes = state.counts.create + state.counts.update + state.counts.remove;
  return (
    <Box data-testid="import-ready" sx={{ display: 'grid', gap: 2 }}>
      <Typography variant="h3" component="h2">
        {changes === 0 ? 'Nothing would change' : `${changes} changes`}
      </Typography>
      <FileNotes state={state} />
      <PreviewRows state={state} />
      {state.counts.error > 0 && (
        <Alert
          severity={blocked ? 'error' : 'info'}
          action={
            <Button color="inherit" onClick={() => void download(state.id)}>
              These rows as a file
            </Button>
          }
        >
          {blocked
            ? 'Rows with errors stop the whole import, as you asked. Correct them and drop the file again, or choose to leave them out.'
            : 'Rows with errors are left out.'}
        </Alert>
      )}
      <SafetyStops stops={stops} confirmed={confirmed} onChange={setConfirmed} />
      <Trouble error={job.apply.error} testId="apply-error" />
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button
          variant="contained"
          data-testid="apply"
          disabled={blocked || job.apply.isPending || !stops.every((stop) => confirmed.includes(stop))}
          onClick={() => job.apply.mutate(confirmed)}
        >
          {job.apply.isPending ? 'Applying…' : 'Apply exactly this'}
        </Button>
        <Button onClick={job.leave}>Back</Button>
      </Box>
    </Box>
  );
}

/** After it was applied or undone: what it did, and the way back. */
export function Done({ state, job }: { state: ImportState; job: Import }) {
  const { create, update, remove } = state.counts;
  const applied = state.status === 'applied';
  return (
    <Box data-testid={`import-${state.status}`} sx={{ display: 'grid', gap: 2 }}>
      <Alert severity="success" icon={<span aria-hidden>{applied ? '🎉' : '↩️'}</span>}>
        {applied
          ? `The menu is live: ${create} new, ${update} changed, ${remove} gone.`
          : 'The menu is again as it was before this import.'}
      </Alert>
      <Trouble error={job.undo.error} testId="undo-error" />
      <Box sx={{ display: 'flex', gap: 1 }}>
        {applied && (
          <Button
            variant="outlined"
            data-testid="undo"
            disabled={job.undo.isPending}
            onClick={() => job.undo.mutate()}
          >
            {job.undo.isPending ? 'Undoing…' : 'Undo the import'}
          </Button>
        )}
        <Button onClick={job.leave}>Another file</Button>
      </Box>
    </Box>
  );
}

const REASONS: Record<string, string> = {
  upload_incomplete: 'The upload was cut short. Check your network and drop the file again.',
  too_many_imports: 'Several imports are under way already. Wait until one is done, then try again.',
  failed: 'Something failed at our side. Nothing of the menu was changed; try again.',
};

export function Rejected({ state, job }: { state: ImportState; job: Import }) {
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Alert severity="error" data-testid="import-rejected">
        {REASONS[state.reason ?? ''] ?? 'The file could not be taken.'} {state.detail}
        {notesOf(state.notes).map((note) => (
          <div key={note.code}>{note.message}</div>
        ))}
      </Alert>
      <Button onClick={job.leave} sx={{ justifySelf: 'start' }}>
        Back
      </Button>
    </Box>
  );
}
