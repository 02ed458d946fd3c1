import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';

export function PageTitle({
  children,
  lead,
  actions,
}: {
  children: ReactNode;
  lead?: string;
  actions?: ReactNode;
}) {
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'end', mb: 2.5 }}>
      <Box sx={{ flex: 1, minWidth: 240 }}>
        <Typography variant="h2" component="h1">
          {children}
        </Typography>
        {lead && <Typography color="text.secondary">{lead}</Typography>}
      </Box>
      {actions}
    </Box>
  );
}
