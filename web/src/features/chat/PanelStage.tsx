import { AnimatePresence, domAnimation, LazyMotion, MotionConfig } from 'motion/react';
import { Mui } from '../../ui/Mui';
import Panel, { type PanelProps } from './Panel';

/** Where the panel comes and goes, moving unless the guest wants no motion. */
export default function PanelStage({ open, ...panel }: PanelProps & { open: boolean }) {
  return (
    <Mui>
      <LazyMotion features={domAnimation} strict>
        <MotionConfig reducedMotion="user">
          <AnimatePresence>{open && <Panel {...panel} />}</AnimatePresence>
        </MotionConfig>
      </LazyMotion>
    </Mui>
  );
}
