import Box from '@mui/material/Box';
import type { ReactNode } from 'react';

interface Props {
  from: 'guest' | 'assistant';
  testId?: string;
  /** The element with `testId` holds exactly this text. */
  children: ReactNode;
  below?: ReactNode;
  /** Not at the server yet: an outline instead of a filled bubble. */
  pending?: boolean;
}

const GUEST = { bgcolor: 'primary.main', color: 'primary.contrastText', border: '1.5px solid transparent' };
const PENDING = {
  bgcolor: 'transparent',
  color: 'text.primary',
  border: '1.5px dashed',
  borderColor: 'primary.main',
};
const ASSISTANT = { bgcolor: 'background.default', color: 'text.primary', border: 1, borderColor: 'divider' };

/** One speech bubble. Text is text: line breaks are kept, markup is shown as written. */
export function Bubble({ from, testId, children, below, pending }: Props) {
  const guest = from === 'guest';
  return (
    <Box
      sx={{
        alignSelf: guest ? 'flex-end' : 'flex-start',
        maxWidth: '86%',
        px: 2,
        py: 1.25,
        ...(guest ? (pending ? PENDING : GUEST) : ASSISTANT),
        borderRadius: guest ? '20px 20px 6px 20px' : '20px 20px 20px 6px',
      }}
    >
      <Box
        dir="auto"
        data-testid={testId}
        sx={{ whiteSpace: 'pre-wrap', lineHeight: 1.5, unicodeBidi: 'isolate' }}
      >
        {children}
      </Box>
      {below}
    </Box>
  );
}
