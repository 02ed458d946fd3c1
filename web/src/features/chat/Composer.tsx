import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import InputBase from '@mui/material/InputBase';
import Typography from '@mui/material/Typography';
import type { FormEvent, KeyboardEvent, Ref } from 'react';
import { useAssistant } from './assistantStore';
import type { ChatClient } from './client';
import { checkDraft, MESSAGE_LIMIT } from './draft';

interface Props {
  client: ChatClient;
  name: string;
  inputRef: Ref<HTMLTextAreaElement>;
}

/** Where the guest writes. Enter sends, Shift+Enter breaks the line; a word still being composed is never sent. */
export function Composer({ client, name, inputRef }: Props) {
  const { draft, setDraft } = useAssistant();
  const { text, left, sendable } = checkDraft(draft);

  function send(event?: FormEvent) {
    event?.preventDefault();
    if (!sendable) return;
    client.ask(text);
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
      {left < 200 && (
        <Typography
          role="status"
          color={left < 0 ? 'error' : 'text.secondary'}
          sx={{ fontSize: '.82rem', pb: 0.75 }}
        >
          {left < 0
            ? `${-left} characters too many; shorten the message to ${MESSAGE_LIMIT}.`
            : `${left} characters left`}
        </Typography>
      )}
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-end' }}>
        <InputBase
          multiline
          maxRows={5}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder={`Ask ${name}…`}
          inputRef={inputRef}
          inputProps={{
            'data-testid': 'chat-input',
            'aria-label': 'Your message',
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
        <IconButton
          type="submit"
          data-testid="send-button"
          aria-label="Send"
          disabled={!sendable}
          sx={{
            width: 48,
            height: 48,
            bgcolor: 'primary.main',
            color: 'primary.contrastText',
            '&:hover': { bgcolor: 'primary.dark' },
            '&.Mui-disabled': { bgcolor: 'action.disabledBackground' },
          }}
        >
          <svg aria-hidden width="22" height="22" viewBox="0 0 24 24" fill="currentColor">
            <path d="M3.4 20.4 21 12 3.4 3.6 3 10.2l11 1.8-11 1.8z" />
          </svg>
        </IconButton>
      </Box>
    </Box>
  );
}
