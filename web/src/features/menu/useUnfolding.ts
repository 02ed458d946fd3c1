import { startTransition, useCallback, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Filtered } from './filter';

type Sections = Filtered['sections'];

/** More dishes than a phone shows at first; on larger screens the next ones follow at once. */
const FIRST = 4;
/** A step that a slow phone takes without a stutter; larger ones when there is much on the page already. */
const step = (most: number) => Math.max(4, Math.floor(most / 4));

/** As many sections as show that many dishes, the last one cut. */
export function beginning(sections: Sections, most: number): Sections {
  const begun: Sections = [];
  for (let left = most, at = 0; left > 0 && at < sections.length; at++) {
    const section = sections[at] as Sections[number];
    begun.push(section.found.length <= left ? section : { ...section, found: section.found.slice(0, left) });
    left -= section.found.length;
  }
  return begun;
}

/** When the browser has nothing better to do, but soon. Safari cannot tell. */
function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(run, 30);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(run, { timeout: 500 });
  return () => cancelIdleCallback(idle);
}

/** The category that the address names; the browser looked for it before it was here. */
function named() {
  try {
    return decodeURIComponent(globalThis.location?.hash.slice(1) ?? '');
  } catch {
    return ''; // not an address of ours: a lone %
  }
}

/**
 * The first screen of a long menu, and step by step the rest of it, so that the page answers meanwhile. Who jumps into it before that calls
 * `unfold` first: then all of it is there when the jump lands.
 */
export function useUnfolding(sections: Sections, whole: boolean) {
  const [target] = useState(named);
  const [most, setMost] = useState(target ? Infinity : FIRST);
  const count = sections.reduce((sum, section) => sum + section.found.length, 0);
  const all = whole || most >= count;
  useEffect(() => {
    if (all) return;
    return whenIdle(() => startTransition(() => setMost(most + step(most))));
  }, [all, most]);
  useEffect(() => {
    if (target) document.getElementById(target)?.scrollIntoView({ behavior: 'instant' });
  }, [target]);
  const unfold = useCallback(() => flushSync(() => setMost(Infinity)), []);
  return { shown: all ? sections : beginning(sections, most), all, unfold };
}
