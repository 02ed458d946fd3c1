import { useT } from '../../i18n/i18n';
import './Loading.css';
import './MenuSections.css';

/** The place of a menu that is on its way. */
export function Loading() {
  const t = useT();
  return (
    <div className="wrap" aria-busy aria-label={t('menu.loading')} role="status" style={{ paddingTop: 48 }}>
      <div className="skeleton" style={{ height: 180, marginBottom: 24 }} />
      <div className="skeleton loading-tools" />
      <div className="dishes loading-dishes">
        {[1, 2, 3].map((each) => (
          <div key={each} className="skeleton" />
        ))}
      </div>
    </div>
  );
}
