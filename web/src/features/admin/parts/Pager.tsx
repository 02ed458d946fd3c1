import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useDesk } from '../words';

interface Props {
  offset: number;
  limit: number;
  total: number;
  onMove: (offset: number) => void;
}

export function Pager({ offset, limit, total, onMove }: Props) {
  const t = useDesk();
  if (total <= limit) return null;
  return (
    <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', pt: 2 }}>
      <Button disabled={offset === 0} onClick={() => onMove(Math.max(0, offset - limit))}>
        {t('common.back')}
      </Button>
      <Typography color="text.secondary">
        {t('common.range', { from: offset + 1, to: Math.min(total, offset + limit), total })}
      </Typography>
      <Button disabled={offset + limit >= total} onClick={() => onMove(offset + limit)}>
        {t('common.next')}
      </Button>
    </Box>
  );
}
