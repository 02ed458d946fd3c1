import type { Ref } from 'react';
import { useT } from '../../i18n/i18n';
import { Avatar } from './Avatar';
import './Launcher.css';
import type { Persona } from './persona';

interface Props {
  persona: Persona;
  onOpen: () => void;
  /** The guest's finger or pointer is there: what a tap will need can be fetched. */
  onNear: () => void;
  buttonRef: Ref<HTMLButtonElement>;
}

/** The assistant waiting in the corner. */
export function Launcher({ persona, onOpen, onNear, buttonRef }: Props) {
  const t = useT();
  return (
    <div className="launcher">
      <button
        type="button"
        ref={buttonRef}
        data-testid="ai-chat-button"
        aria-haspopup="dialog"
        onClick={onOpen}
        onPointerEnter={onNear}
        onFocus={onNear}
      >
        <Avatar persona={persona} size={52} lively />
        {t('chat.open', { name: persona.name })}
      </button>
    </div>
  );
}
