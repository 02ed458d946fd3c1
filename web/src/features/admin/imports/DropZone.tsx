import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useRef, useState, type DragEvent } from 'react';
import { FoodPicture } from '../../../ui/food/FoodPicture';
import { useDesk } from '../words';

/** Where a file is dropped or chosen. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const t = useDesk();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  }

  return (
    <Box
      data-testid="drop-zone"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      sx={{
        display: 'grid',
        justifyItems: 'center',
        gap: 1.5,
        p: { xs: 4, sm: 6 },
        textAlign: 'center',
        borderRadius: '28px',
        border: '3px dashed',
        borderColor: over ? 'primary.main' : 'divider',
        bgcolor: over ? 'action.hover' : 'background.paper',
      }}
    >
      <FoodPicture name="box" category="" size="96px" />
      <Typography variant="h3" component="p">
        {t('import.drop')}
      </Typography>
      <Typography color="text.secondary" sx={{ maxWidth: 480 }}>
        {t('import.kinds')}
      </Typography>
      <Button variant="contained" onClick={() => input.current?.click()}>
        {t('import.choose')}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        data-testid="file-input"
        aria-label={t('import.input')}
        accept=".csv,.tsv,.txt,.xlsx,.json,.ndjson,.jsonl,.xls,.ods"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          event.target.value = '';
        }}
      />
    </Box>
  );
}
