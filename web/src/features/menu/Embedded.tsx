import { useEffect } from 'react';
import type { EmbedMessage } from '../../../widget/messages';
import type { Menu } from '../../gen/types';
import Assistant from '../chat/Assistant';
import { useAssistant } from '../chat/assistantStore';

interface Props {
  slug: string;
  menu: Menu;
  onShow: (id: string) => void;
}

/** Nothing but the assistant, for a frame on a restaurant's own site; closing it is the page's matter. */
export default function Embedded({ slug, menu, onShow }: Props) {
  const { open, setOpen } = useAssistant();
  useEffect(() => {
    if (open) return;
    // The first time it just opens; later this is the guest's wish to leave.
    setOpen(true);
  }, [open, setOpen]);
  useEffect(
    () =>
      useAssistant.subscribe((now, before) => {
        const message: EmbedMessage = { type: 'assistant:close' };
        if (before.open && !now.open) window.parent.postMessage(message, '*');
      }),
    [],
  );
  return <Assistant key={slug} slug={slug} menu={menu} onShow={onShow} />;
}
