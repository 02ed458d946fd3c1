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
import { useDesk } from '../words';

const DOING = {
  receiving: 'stage.receiving',
  previewing: 'stage.previewing',
  applying: 'stage.applying',
} as const;

/** How far it is, live. */
export function Working({ status, done, total }: { status: string; done: number; total: number }) {
  const t = useDesk();
  const doing = DOING[status as keyof typeof DOING];
  const share = total > 0 ? Math.min(100, (done / total) * 100) : undefined;
  return (
    <Box role="status" data-testid="import-progress" sx={{ display: 'grid', gap: 1, py: 3 }}>
      <Typography>
        {doing && t(doing)} {share !== undefined && `${Math.round(share)} %`}
      </Typography>
      <LinearProgress
        aria-label={t('stage.progress')}
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
  const t = useDesk();
  const columns = Array.isArray(state.columns)
    ? (state.columns as { header: string; column: string | null }[]).map(
        ({ header, column }) => `${header} → ${column ?? t('import.ignore')}`,
      )
    : [];
  return (
    <Box
      component="details"
      open={state.counts.error > 0}
      sx={{ '& summary': { cursor: 'pointer', fontWeight: 700 } }}
    >
      <summary>{t('stage.how_read')}</summary>
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
  const t = useDesk();
  const [confirmed, setConfirmed] = useState<string[]>([]);
  const stops = state.needs_confirmation;
  const blocked = state.on_error === 'reject_all' && state.counts.error > 0;
  const changes = state.counts.create + state.counts.update + state.counts.remove;
  return (
    <Box data-testid="import-ready" sx={{ display: 'grid', gap: 2 }}>
      <Typography variant="h3" component="h2">
        {t('stage.changes', { count: changes })}
      </Typography>
      <FileNotes state={state} />
      <PreviewRows state={state} />
      {state.counts.error > 0 && (
        <Alert
          severity={blocked ? 'error' : 'info'}
          action={
            <Button color="inherit" onClick={() => void download(state.id)}>
              {t('stage.rows_file')}
            </Button>
          }
        >
          {t(blocked ? 'stage.blocked' : 'stage.left_out')}
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
          {t(job.apply.isPending ? 'stage.applying_now' : 'stage.apply')}
        </Button>
        <Button onClick={job.leave}>{t('common.back')}</Button>
      </Box>
    </Box>
  );
}

/** After it was applied or undone: what it did, and the way back. */
export function Done({ state, job }: { state: ImportState; job: Import }) {
  const t = useDesk();
  const { create, update, remove } = state.counts;
  const applied = state.status === 'applied';
  return (
    <Box data-testid={`import-${state.status}`} sx={{ display: 'grid', gap: 2 }}>
      <Alert severity="success" icon={<span aria-hidden>{applied ? '🎉' : '↩️'}</span>}>
        {applied ? t('stage.live', { create, update, remove }) : t('stage.undone')}
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
            {t(job.undo.isPending ? 'stage.undoing' : 'stage.undo')}
          </Button>
        )}
        <Button onClick={job.leave}>{t('import.other_file')}</Button>
      </Box>
    </Box>
  );
}

const REASONS = {
  upload_incomplete: 'reason.upload_incomplete',
  too_many_imports: 'reason.too_many_imports',
  failed: 'reason.failed',
} as const;

export function Rejected({ state, job }: { state: ImportState; job: Import }) {
  const t = useDesk();
  const reason = REASONS[(state.reason ?? '') as keyof typeof REASONS] ?? 'reason.other';
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Alert severity="error" data-testid="import-rejected">
        {t(reason)} {state.detail}
        {notesOf(state.notes).map((note) => (
          <div key={note.code}>{note.message}</div>
        ))}
      </Alert>
      <Button onClick={job.leave} sx={{ justifySelf: 'start' }}>
        {t('common.back')}
      </Button>
    </Box>
  );
}
