import type { ReactNode } from 'react';
import './Toggle.css';

interface Props {
  on: boolean;
  icon?: string | undefined;
  onClick: () => void;
  children: ReactNode;
}

/** A choice that is on or off, big enough for a thumb. */
export function Toggle({ on, icon, onClick, children }: Props) {
  return (
    <button type="button" className="toggle" aria-pressed={on} onClick={onClick}>
      {icon && <span aria-hidden>{icon}</span>}
      {children}
    </button>
  );
}
