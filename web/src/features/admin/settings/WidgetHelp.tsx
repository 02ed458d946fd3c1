import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useDesk } from '../words';

/** How to put the assistant on one's own site. */
export function WidgetHelp({ slug }: { slug: string }) {
  const t = useDesk();
  const [copied, setCopied] = useState(false);
  const tag = `<script src="${location.origin}/widget.js" data-restaurant="${slug}" async></script>`;
  return (
    <Box component="section" sx={{ mt: 5, maxWidth: 760, display: 'grid', gap: 1 }}>
      <Typography variant="h3" component="h2">
        {t('set.widget_title')}
      </Typography>
      <Typography>{t('set.widget')}</Typography>
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
        {t(copied ? 'set.copied' : 'set.copy')}
      </Button>
    </Box>
  );
}
