import { LANGUAGES, setLanguage, useI18n, useT, type Language } from './i18n';

/** The language of the interface: a plain select, which every phone and screen reader knows. */
export function LanguageButton() {
  const t = useT();
  const language = useI18n((state) => state.language);
  return (
    <select
      className="control"
      aria-label={t('language.label')}
      value={language}
      onChange={(event) => void setLanguage(event.target.value as Language)}
      style={{ paddingInline: 10 }}
    >
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}
