import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { AllergenInfo } from '../../gen/types';
import { allergenWords } from './allergens';

/** The allergens of one dish, in words. */
export function AllergenNote({ info }: { info: AllergenInfo }) {
  const { contains, may_contain, unknown, reviewed } = allergenWords(info);
  return (
    <Stack
      data-testid="allergens"
      sx={{
        mt: 1.5,
        pt: 1.25,
        borderTop: '1.5px dashed',
        borderColor: 'divider',
        gap: 0.25,
        '& p': { fontSize: '.86rem' },
      }}
    >
      {contains && (
        <Typography>
          <b>Contains</b> {contains}
        </Typography>
      )}
      {may_contain && (
        <Typography>
          <b>May contain</b> {may_contain}
        </Typography>
      )}
      {unknown && (
        <Typography color="warning" sx={{ fontWeight: 700 }}>
          {unknown}
        </Typography>
      )}
      {reviewed && <Typography color="text.secondary">{reviewed}</Typography>}
    </Stack>
  );
}
