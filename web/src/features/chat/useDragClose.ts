import { useRef, type PointerEvent } from 'react';

const FAR_PX = 110;

/** Drag something down by a handle to close it. Spread the result on the handle; `moved` is what follows the finger. */
export function useDragClose(on: boolean, onClose: () => void) {
  const moved = useRef<HTMLDivElement>(null);
  const from = useRef<number | null>(null);

  function shift(by: number) {
    if (moved.current) moved.current.style.translate = by > 0 ? `0 ${by}px` : '';
  }

  const handle = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (!on || (event.target as Element).closest('button')) return;
      from.current = event.clientY;
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (from.current !== null) shift(event.clientY - from.current);
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      if (from.current === null) return;
      const by = event.clientY - from.current;
      from.current = null;
      if (by > FAR_PX) onClose();
      else shift(0);
    },
    onPointerCancel() {
      from.current = null;
      shift(0);
    },
  };
  return { moved, handle: on ? handle : {} };
}
