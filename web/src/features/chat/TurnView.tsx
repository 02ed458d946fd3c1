import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { memo } from 'react';
import { AnswerExtras } from './AnswerExtras';
import { Bubble } from './Bubble';
import { RefusalNote } from './RefusalNote';
import { isOpen, type Turn } from './state';
import { Typing } from './Typing';

interface Props {
  turn: Turn;
  name: string;
  currency: string;
  cuisine: string;
  onAgain: (id: string) => void;
  onStop: (id: string) => void;
}

function Question({ turn }: { turn: Turn }) {
  if (turn.question === null) return null;
  return (
    <Bubble from="guest" testId="user-message" pending={turn.asked !== 'accepted'}>
      {turn.question}
    </Bubble>
  );
}

function Answered({ turn, name, currency, cuisine }: Omit<Props, 'onAgain' | 'onStop'>) {
  const { answer } = turn;
  if (!answer?.text) return isOpen(turn) && turn.asked === 'accepted' ? <Typing name={name} /> : null;
  return (
    <Bubble
      from="assistant"
      testId={turn.from === 'staff' ? 'staff-message' : 'ai-message'}
      below={answer.done && <AnswerExtras answer={answer} currency={currency} cuisine={cuisine} />}
    >
      {answer.text}
    </Bubble>
  );
}

/** A question with its answer, as far as they came. Memoised: while one answer streams, the others stay as they are. */
export const TurnView = memo(function TurnView({ turn, name, currency, cuisine, onAgain, onStop }: Props) {
  const open = isOpen(turn);
  return (
    <>
      <Question turn={turn} />
      {open && turn.asked === 'sending' && (
        <Typography
          color="text.secondary"
          data-testid="sending"
          sx={{ alignSelf: 'flex-end', fontSize: '.82rem' }}
        >
          On its way…
        </Typography>
      )}
      {turn.from === 'staff' && (
        <Typography color="text.secondary" sx={{ fontSize: '.82rem' }}>
          From the staff
        </Typography>
      )}
      <Answered turn={turn} name={name} currency={currency} cuisine={cuisine} />
      {open && turn.asked === 'accepted' && (
        <Button
          data-testid="stop-button"
          size="small"
          variant="outlined"
          disabled={turn.stopping}
          onClick={() => onStop(turn.id)}
          sx={{ alignSelf: 'flex-start' }}
        >
          {turn.stopping ? 'Stopping…' : '■ Stop'}
        </Button>
      )}
      {turn.refusal && (
        <RefusalNote
          refusal={turn.refusal}
          onAgain={turn.asked === 'failed' && turn.question !== null ? () => onAgain(turn.id) : undefined}
        />
      )}
      {turn.corrections.map((content) => (
        <Alert key={content} severity="warning" data-testid="correction">
          <b>Correction: </b>
          {content}
        </Alert>
      ))}
    </>
  );
});
