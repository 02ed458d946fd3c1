import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { memo, type ReactNode } from 'react';
import { useT } from '../../i18n/i18n';
import { useOnline } from '../../lib/useOnline';
import { AnswerExtras } from './AnswerExtras';
import { Bubble } from './Bubble';
import { RefusalNote } from './RefusalNote';
import { isOpen, type Turn } from './state';
import { Typing } from './Typing';

interface Props {
  turn: Turn;
  name: string;
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

function Note({ children, testId, end }: { children: ReactNode; testId?: string; end?: boolean }) {
  return (
    <Typography
      color="text.secondary"
      data-testid={testId}
      sx={{ alignSelf: end ? 'flex-end' : 'flex-start', fontSize: '.85rem' }}
    >
      {children}
    </Typography>
  );
}

function OnItsWay() {
  const [t, online] = [useT(), useOnline()];
  return (
    <Note testId="sending" end>
      {t(online ? 'chat.sending' : 'chat.queued')}
    </Note>
  );
}

function Answered({ turn, name }: Pick<Props, 'turn' | 'name'>) {
  const { answer } = turn;
  if (!answer?.text) return isOpen(turn) && turn.asked === 'accepted' ? <Typing name={name} /> : null;
  return (
    <Bubble
      from="assistant"
      testId={turn.from === 'staff' ? 'staff-message' : 'ai-message'}
      below={
        answer.done && turn.from === 'assistant' && <AnswerExtras answer={answer} message_id={turn.id} />
      }
    >
      {answer.text}
    </Bubble>
  );
}

function StopButton({ turn, onStop }: Pick<Props, 'turn' | 'onStop'>) {
  const t = useT();
  return (
    <Button
      data-testid="stop-button"
      size="small"
      variant="outlined"
      disabled={turn.stopping}
      onClick={() => onStop(turn.id)}
      sx={{ alignSelf: 'flex-start', minHeight: 40, px: 2 }}
    >
      <span aria-hidden>■&nbsp;</span>
      {t(turn.stopping ? 'chat.stopping' : 'chat.stop')}
    </Button>
  );
}

function Corrections({ corrections }: { corrections: string[] }) {
  const t = useT();
  return corrections.map((content) => (
    <Alert key={content} severity="warning" role="alert" data-testid="correction">
      <b>{t('chat.correction')}.</b> {t('chat.correction_lead')}
      <br />
      {content}
    </Alert>
  ));
}

/** A question with its answer, as far as they came. Memoised: while one answer streams, the others stay as they are. */
export const TurnView = memo(function TurnView({ turn, name, onAgain, onStop }: Props) {
  const t = useT();
  const open = isOpen(turn);
  const again = turn.asked === 'failed' && turn.question !== null;
  return (
    <>
      <Question turn={turn} />
      {open && turn.asked === 'sending' && <OnItsWay />}
      {turn.from === 'staff' && <Note>{t('chat.from_staff')}</Note>}
      <Answered turn={turn} name={name} />
      {open && turn.asked === 'accepted' && <StopButton turn={turn} onStop={onStop} />}
      {turn.refusal && (
        <RefusalNote refusal={turn.refusal} onAgain={again ? () => onAgain(turn.id) : undefined} />
      )}
      <Corrections corrections={turn.corrections} />
    </>
  );
});
