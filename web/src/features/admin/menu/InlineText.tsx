import InputBase from '@mui/material/InputBase';
import { useEffect, useState, type KeyboardEvent } from 'react';

interface Props {
  label: string;
  value: string;
  disabled: boolean;
  onSave: (value: string) => void;
  align?: 'start' | 'end';
  width?: number | string;
  strong?: boolean;
}

/** A text that becomes a field when it is touched; Enter or leaving saves, Escape takes it back. */
export function InlineText({
  label,
  value,
  disabled,
  onSave,
  align = 'start',
  width = '100%',
  strong,
}: Props) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);

  function save() {
    if (text.trim() !== value) onSave(text.trim());
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) {
    if (event.key === 'Escape') setText(value);
    if (event.key === 'Enter') event.currentTarget.blur();
  }

  return (
    <InputBase
      value={text}
      readOnly={disabled}
      onChange={(event) => setText(event.target.value)}
      onBlur={save}
      onKeyDown={onKeyDown}
      inputProps={{ 'aria-label': label, dir: 'auto' }}
      sx={{
        width,
        px: 1,
        borderRadius: '10px',
        fontWeight: strong ? 800 : 500,
        '& input': { textAlign: align },
        '&:hover': disabled ? {} : { bgcolor: 'action.hover' },
        '&.Mui-focused': {
          bgcolor: 'background.default',
          boxShadow: '0 0 0 2px var(--mui-palette-primary-main)',
        },
      }}
    />
  );
}
