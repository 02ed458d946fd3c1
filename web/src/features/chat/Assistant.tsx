import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { Menu } from '../../gen/types';
import { track } from '../analytics/track';
import { useAssistant } from './assistantStore';
import { Launcher } from './Launcher';
import { usePersona } from './persona';
import { ShopContext } from './shop';
import { useChat, type Chat } from './useChat';
import { useLiveMenu } from './useLiveMenu';

/** With its animations in a chunk of its own: the menu is there before either. */
const loadStage = () => import('./PanelStage');
const PanelStage = lazy(loadStage);

interface Props {
  slug: string;
  menu: Menu;
  /** Shows a dish by its id. */
  onShow: (id: string) => void;
}

function Ready({ chat, slug, menu, onShow }: Props & { chat: Chat }) {
  const { client, session_id, renew } = chat;
  const { restaurant, menu_version } = menu;
  const { open, setOpen, reset } = useAssistant();
  const [wanted, setWanted] = useState(open);
  useEffect(() => reset, [reset]);
  useEffect(() => {
    if (!open) return;
    setWanted(true);
    track('chat_open');
  }, [open]);
  const launcher = useRef<HTMLButtonElement>(null);
  const persona = usePersona(client, restaurant);
  useLiveMenu(client, slug, menu_version);
  const shop = useMemo(
    () => ({ slug, restaurant, session_id, onShow }),
    [slug, restaurant, session_id, onShow],
  );
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => launcher.current?.focus());
  };
  return (
    <ShopContext value={shop}>
      {!open && (
        <Launcher
          persona={persona}
          onOpen={() => setOpen(true)}
          onNear={() => void loadStage().catch(() => undefined)}
          buttonRef={launcher}
        />
      )}
      {wanted && (
        <Suspense fallback={null}>
          <PanelStage
            open={open}
            client={client}
            persona={persona}
            menu_version={menu_version}
            onClose={close}
            onNew={renew}
          />
        </Suspense>
      )}
    </ShopContext>
  );
}

/** The floating assistant: a button, and the conversation behind it. The socket lives as long as the page, for live menus. */
export default function Assistant(props: Props) {
  const chat = useChat(props.slug);
  return chat && <Ready {...props} key={chat.session_id} chat={chat} />;
}
