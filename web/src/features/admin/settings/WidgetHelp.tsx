import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';

/** How to put the assistant on one's own site. */
export function WidgetHelp({ slug }: { slug: string }) {
  const [copied, setCopied] = useState(false);
  const tag = `<script src="${location.origin}/widget.js" data-restaurant="${slug}" async></script>`;
  return (
    <Box component="section" sx={{ mt: 5, maxWidth: 760, display: 'grid', gap: 1 }}>
      <Typography variant="h3" component="h2">
        The assistant on your own site
      </Typography>
      <Typography>Put this line into your pages, and name your site’s origin above.</Typography>
      <Box
        component="pre"
        tabIndex={0}
        sx={{
          p: 2,
          borderRadius: '16px',
          bgcolor: 'background.paper',
          border: 1,
          borderColor: 'divider',
          overflowX: 'auto',
          m: 0,
        }}
      >
        {tag}
      </Box>
      <Button
        sx={{ justifySelf: 'start' }}
        onClick={() =>
          void navigator.clipboard.writeText(tag).then(
            () => setCopied(true),
            () => setCopied(false),
          )
        }
      >
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </Box>
  );
}
