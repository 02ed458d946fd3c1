import type { ReactElement } from 'react';
import type { Look } from './choose';

/** Draws a dish into a view box of 120 by 120. */
export type Drawing = (look: Look) => ReactElement;
