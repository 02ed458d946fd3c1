import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';

interface Props {
  offset: number;
  limit: number;
  total: number;
  onMove: (offset: number) => void;
}

export function Pager({ offset, limit, total, onMove }: Props) {
  if (total <= limit) return null;
  return (
    <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', pt: 2 }}>
      <Button disabled={offset === 0} onClick={() => onMove(Math.max(0, offset - limit))}>
        Back
      </Button>
      <Typography color="text.secondary">
        {offset + 1}–{Math.min(total, offset + limit)} of {total}
      </Typography>
      <Button disabled={offset + limit >= total} onClick={() => onMove(offset + limit)}>
        Next
      </Button>
    </Box>
  );
}
