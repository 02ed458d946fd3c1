import Box from '@mui/material/Box';
import type { ReactNode } from 'react';

interface Props {
  from: 'guest' | 'assistant';
  testId?: string;
  /** The element with `testId` holds exactly this text. */
  children: ReactNode;
  below?: ReactNode;
  faded?: boolean;
}

/** One speech bubble. Text is text: line breaks are kept, markup is shown as written. */
export function Bubble({ from, testId, children, below, faded }: Props) {
  const guest = from === 'guest';
  return (
    <Box
      sx={{
        alignSelf: guest ? 'flex-end' : 'flex-start',
        maxWidth: '86%',
        px: 2,
        py: 1.25,
        opacity: faded ? 0.7 : 1,
        bgcolor: guest ? 'primary.main' : 'background.default',
        color: guest ? 'primary.contrastText' : 'text.primary',
        border: guest ? 0 : 1,
        borderColor: 'divider',
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
