import Box from '@mui/material/Box';

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
  disabled?: boolean;
}

/** The browser's own select: every phone, keyboard and screen reader knows it. */
export function Select<T extends string>({ label, value, options, onChange, disabled }: Props<T>) {
  return (
    <Box
      component="select"
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={(event: React.ChangeEvent<HTMLSelectElement>) => onChange(event.target.value as T)}
      sx={{
        minHeight: 40,
        maxWidth: '100%',
        px: 1.25,
        borderRadius: '12px',
        border: '1.5px solid',
        borderColor: 'divider',
        bgcolor: 'background.paper',
        color: 'text.primary',
        font: 'inherit',
      }}
    >
      {options.map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </Box>
  );
}
