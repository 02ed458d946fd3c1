import type { ReactNode } from 'react';
import './Explain.css';

interface Props {
  picture: string;
  title: string;
  children: ReactNode;
  action?: { label: string; run: () => void };
  /** h1 when it is the whole page. */
  level?: 'h1' | 'h2';
}

/** A whole page's trouble or emptiness: what happened, and what to do. */
export function Explain({ picture, title, children, action, level: Title = 'h1' }: Props) {
  return (
    <div role="status" className="explain">
      <p aria-hidden className="explain-picture">
        {picture}
      </p>
      <Title className="display-2">{title}</Title>
      <p className="soft">{children}</p>
      {action && (
        <button type="button" className="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
