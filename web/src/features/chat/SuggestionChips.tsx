import Chip from '@mui/material/Chip';
import Stack from '@mui/material/Stack';

interface Props {
  suggestions: string[];
  onPick: (text: string) => void;
}

const SHOWN = 4;

/** Questions to ask with one tap. */
export function SuggestionChips({ suggestions, onPick }: Props) {
  if (suggestions.length === 0) return null;
  return (
    <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', gap: 1, pt: 0.5 }} data-testid="suggestions">
      {[...new Set(suggestions)].slice(0, SHOWN).map((text) => (
        <Chip
          key={text}
          label={text}
          clickable
          component="button"
          onClick={() => onPick(text)}
          sx={{
            height: 'auto',
            minHeight: 40,
            fontFamily: 'inherit',
            bgcolor: 'transparent',
            border: '1.5px solid',
            borderColor: 'primary.main',
            color: 'primary.main',
            '& .MuiChip-label': { whiteSpace: 'normal', py: 0.75, textAlign: 'start' },
          }}
        />
      ))}
    </Stack>
  );
}
