// A chunk of its own: the page is there before the animations are.
export { domAnimation as default } from 'motion/react';
