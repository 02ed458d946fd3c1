import Box from '@mui/material/Box';
import { LANGUAGES, setLanguage, useI18n, useT, type Language } from './i18n';

/** The language of the interface: a plain select, which every phone and screen reader knows. */
export function LanguageButton() {
  const t = useT();
  const language = useI18n((state) => state.language);
  return (
    <Box
      component="select"
      aria-label={t('language.label')}
      value={language}
      onChange={(event: React.ChangeEvent<HTMLSelectElement>) =>
        void setLanguage(event.target.value as Language)
      }
      sx={{
        height: 44,
        px: 1.25,
        borderRadius: 99,
        border: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
        color: 'text.primary',
        font: 'inherit',
        fontWeight: 700,
        cursor: 'pointer',
      }}
    >
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag}>
          {name}
        </option>
      ))}
    </Box>
  );
}
