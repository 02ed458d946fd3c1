import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useT, type MessageKey } from '../../i18n/i18n';
import { Toggle } from '../../ui/Toggle';
import { sendFeedback } from './api';
import { useShop } from './shop';

type Rating = 'up' | 'down';
type Stage = 'asked' | 'reasons' | 'thanks' | 'failed';

const REASONS = ['wrong', 'unhelpful', 'slow', 'rude'] as const;

const Thumb = ({ rating, chosen, onClick }: { rating: Rating; chosen: boolean; onClick: () => void }) => {
  const t = useT();
  return (
    <IconButton
      aria-label={t(`feedback.${rating}`)}
      aria-pressed={chosen}
      data-testid={`thumb-${rating}`}
      onClick={onClick}
      sx={{
        width: 40,
        height: 40,
        fontSize: '1rem',
        opacity: chosen ? 1 : 0.75,
        bgcolor: chosen ? 'action.selected' : 'transparent',
      }}
    >
      <span aria-hidden>{rating === 'up' ? '👍' : '👎'}</span>
    </IconButton>
  );
};

/** What the guest thinks of an answer; a bad one may be given a reason. */
export function Thumbs({ message_id }: { message_id: string }) {
  const t = useT();
  const { slug, session_id } = useShop();
  const [rating, setRating] = useState<Rating | null>(null);
  const [stage, setStage] = useState<Stage>('asked');

  async function send(chosen: Rating, reason?: (typeof REASONS)[number]) {
    setRating(chosen);
    setStage(chosen === 'down' && !reason ? 'reasons' : 'thanks');
    try {
      await sendFeedback(slug, { session_id, message_id, rating: chosen, ...(reason && { reason }) });
    } catch {
      setRating(null);
      setStage('failed');
    }
  }

  return (
    <Box sx={{ display: 'grid', gap: 0.5 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
        <Thumb rating="up" chosen={rating === 'up'} onClick={() => void send('up')} />
        <Thumb rating="down" chosen={rating === 'down'} onClick={() => void send('down')} />
        <Typography role="status" color="text.secondary" sx={{ fontSize: '.85rem' }}>
          {stage === 'thanks' && t('feedback.thanks')}
          {stage === 'failed' && t('feedback.failed')}
          {stage === 'reasons' && t('feedback.why')}
        </Typography>
      </Box>
      {stage === 'reasons' && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }} data-testid="feedback-reasons">
          {REASONS.map((reason) => (
            <Toggle key={reason} on={false} onClick={() => void send('down', reason)}>
              {t(`feedback.${reason}` as MessageKey)}
            </Toggle>
          ))}
          <Toggle on={false} onClick={() => setStage('thanks')}>
            {t('feedback.skip')}
          </Toggle>
        </Box>
      )}
    </Box>
  );
}
