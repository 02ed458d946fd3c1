import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Typography from '@mui/material/Typography';
import { useMemo, useState } from 'react';
import { Select } from '../parts/Select';
import type { MenuFile } from './file';
import { COLUMNS, doubled, readHeader, type Choice } from './mapping';
import type { Upload } from './useImport';
import { useDesk } from '../words';

interface Props {
  file: MenuFile;
  busy: boolean;
  onBack: () => void;
  onUpload: (upload: Upload) => void;
}

function useChoices(): [Choice, string][] {
  const t = useDesk();
  return [
    ['auto', t('import.auto')],
    ['ignore', t('import.ignore')],
    ...COLUMNS.map((column): [Choice, string] => [column, t(`column.${column}`)]),
  ];
}

/** What each column of the file stands for, and what shall become of dishes that are not in it. */
export function MappingStep({ file, busy, onBack, onUpload }: Props) {
  const [t, options] = [useDesk(), useChoices()];
  const headers = useMemo(
    () => (typeof file.content === 'string' ? readHeader(file.content).headers : []),
    [file],
  );
  const [choices, setChoices] = useState<Choice[]>(() => headers.map(() => 'auto'));
  const [replace, setReplace] = useState(false);
  const [skip, setSkip] = useState(false);
  const twice = doubled(choices);

  return (
    <Box data-testid="mapping" sx={{ display: 'grid', gap: 2.5 }}>
      <Typography variant="h3" component="h2">
        {file.name}
      </Typography>
      {headers.length > 0 && (
        <Box>
          <Typography sx={{ mb: 1 }}>{t('import.columns')}</Typography>
          <Box
            component="ul"
            sx={{
              p: 0,
              m: 0,
              display: 'grid',
              gap: 1,
              gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 300px), 1fr))',
            }}
          >
            {headers.map((header, at) => (
              <Box
                component="li"
                key={`${at}-${header}`}
                sx={{
                  listStyle: 'none',
                  display: 'flex',
                  gap: 1,
                  alignItems: 'center',
                  p: 1.25,
                  border: 1,
                  borderColor: 'divider',
                  borderRadius: '16px',
                }}
              >
                <Typography noWrap title={header} sx={{ flex: 1, fontWeight: 700 }}>
                  {header || t('import.no_header')}
                </Typography>
                <Select
                  label={t('import.what_is_in', { header })}
                  value={choices[at] ?? 'auto'}
                  options={options}
                  onChange={(choice) =>
                    setChoices(choices.map((each, place) => (place === at ? choice : each)))
                  }
                />
              </Box>
            ))}
          </Box>
        </Box>
      )}
      <Box sx={{ display: 'grid' }}>
        <FormControlLabel
          label={t('import.replace')}
          control={<Checkbox checked={replace} onChange={(event) => setReplace(event.target.checked)} />}
        />
        <FormControlLabel
          label={t('import.skip')}
          control={<Checkbox checked={skip} onChange={(event) => setSkip(event.target.checked)} />}
        />
      </Box>
      {twice.length > 0 && (
        <Alert severity="warning">
          {t('import.twice', { columns: twice.map((column) => t(`column.${column}`)).join(', ') })}
        </Alert>
      )}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button
          variant="contained"
          data-testid="upload"
          disabled={busy || twice.length > 0}
          onClick={() =>
            onUpload({
              file,
              choices,
              mode: replace ? 'replace' : 'upsert',
              on_error: skip ? 'skip_rows' : 'reject_all',
            })
          }
        >
          {t(busy ? 'import.sending' : 'import.show')}
        </Button>
        <Button onClick={onBack}>{t('import.other_file')}</Button>
      </Box>
    </Box>
  );
}
