import { useEffect, useRef, type CSSProperties, type ReactNode } from 'react';
import './Sheet.css';

interface Props {
  label: string;
  onClose: () => void;
  children: ReactNode;
  testId?: string;
  width?: number;
}

/** A dialog over the page: from below on a phone, in the middle elsewhere. The browser's own <dialog> keeps the focus inside. */
export function Sheet({ label, onClose, children, testId, width = 560 }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-label={label}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      style={{ '--sheet-width': `${width}px` } as CSSProperties}
    >
      {children}
    </dialog>
  );
}
