import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import InputBase from '@mui/material/InputBase';
import Typography from '@mui/material/Typography';
import type { FormEvent, KeyboardEvent, ReactNode, Ref } from 'react';
import { useT } from '../../i18n/i18n';
import { useAssistant } from './assistantStore';
import { checkDraft, MESSAGE_LIMIT } from './draft';

interface Props {
  name: string;
  inputRef: Ref<HTMLTextAreaElement>;
  onAsk: (text: string) => void;
  /** Another way to ask, beside the send button. */
  mic: ReactNode;
}

const FEW = 200;

function Left({ left }: { left: number }) {
  const t = useT();
  if (left >= FEW) return null;
  return (
    <Typography
      role="status"
      color={left < 0 ? 'error' : 'text.secondary'}
      sx={{ fontSize: '.85rem', pb: 0.75 }}
    >
      {left < 0 ? t('chat.too_long', { over: -left, limit: MESSAGE_LIMIT }) : t('chat.left', { left })}
    </Typography>
  );
}

function SendButton({ disabled }: { disabled: boolean }) {
  const t = useT();
  return (
    <IconButton
      type="submit"
      data-testid="send-button"
      aria-label={t('chat.send')}
      disabled={disabled}
      sx={{
        width: 48,
        height: 48,
        bgcolor: 'primary.main',
        color: 'primary.contrastText',
        '&:hover': { bgcolor: 'primary.dark' },
        '&.Mui-disabled': { bgcolor: 'action.disabledBackground' },
      }}
    >
      <Box
        component="svg"
        aria-hidden
        viewBox="0 0 24 24"
        fill="currentColor"
        sx={{ width: 22, '[dir=rtl] &': { scale: '-1 1' } }}
      >
        <path d="M3.4 20.4 21 12 3.4 3.6 3 10.2l11 1.8-11 1.8z" />
      </Box>
    </IconButton>
  );
}

/** Where the guest writes. Enter sends, Shift+Enter breaks the line; a word still being composed is never sent. */
export function Composer({ name, inputRef, onAsk, mic }: Props) {
  const t = useT();
  const { draft, setDraft } = useAssistant();
  const { text, left, sendable } = checkDraft(draft);

  function send(event?: FormEvent) {
    event?.preventDefault();
    if (!sendable) return;
    onAsk(text);
    setDraft('');
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <Box
      component="form"
      onSubmit={send}
      sx={{ p: 1.5, pb: 'max(12px, env(safe-area-inset-bottom))', borderTop: 1, borderColor: 'divider' }}
    >
      <Left left={left} />
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-end' }}>
        <InputBase
          multiline
          maxRows={5}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder={t('chat.placeholder', { name })}
          inputRef={inputRef}
          inputProps={{
            'data-testid': 'chat-input',
            'aria-label': t('chat.input'),
            dir: 'auto',
            enterKeyHint: 'send',
          }}
          sx={{
            flex: 1,
            px: 2,
            py: 1.1,
            minHeight: 48,
            borderRadius: 6,
            border: '1.5px solid',
            borderColor: 'divider',
            bgcolor: 'background.default',
            '&.Mui-focused': { borderColor: 'primary.main' },
          }}
        />
        {mic}
        <SendButton disabled={!sendable} />
      </Box>
    </Box>
  );
}
