import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useT } from '../../i18n/i18n';
import { AnswerItems } from './AnswerItems';
import type { Answer } from './state';
import { Thumbs } from './Thumbs';
import { Why } from './Why';

const ENDINGS = {
  complete: null,
  stopped: 'chat.ending_stopped',
  fallback: 'chat.ending_fallback',
} as const;

function Warnings({ warnings }: { warnings: string[] }) {
  const t = useT();
  if (warnings.length === 0) return null;
  return (
    <Box
      role="note"
      aria-label={t('chat.warnings')}
      sx={{ p: 1.25, borderRadius: '14px', border: '1.5px solid', borderColor: 'warning.main' }}
    >
      {warnings.map((warning) => (
        <Typography
          key={warning}
          dir="auto"
          data-testid="warning"
          color="warning"
          sx={{ fontWeight: 700, fontSize: '.92rem' }}
        >
          <span aria-hidden>⚠️ </span>
          {warning}
        </Typography>
      ))}
    </Box>
  );
}

/** What comes with a finished answer: warnings, the dishes it speaks of, its sources, how it ended, and what the guest thinks of it. */
export function AnswerExtras({ answer, message_id }: { answer: Answer; message_id: string }) {
  const t = useT();
  const ending = ENDINGS[answer.status];
  return (
    <Box sx={{ display: 'grid', gap: 0.75, mt: 1 }}>
      <Warnings warnings={answer.warnings} />
      <AnswerItems items={answer.items} />
      {ending && (
        <Typography color="text.secondary" sx={{ fontSize: '.85rem' }}>
          {t(ending)}
        </Typography>
      )}
      <Box
        sx={{
          display: 'flex',
          alignItems: 'start',
          flexWrap: 'wrap',
          gap: 0.5,
          justifyContent: 'space-between',
        }}
      >
        <Why claims={answer.claims} />
        <Thumbs message_id={message_id} />
      </Box>
    </Box>
  );
}
