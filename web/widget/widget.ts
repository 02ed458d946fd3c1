/**
 * The assistant on a restaurant's own site: <script src="https://…/widget.js" data-restaurant="slug" async></script>
 *
 * A button in a shadow root, and on the first tap a frame with the assistant in it; the frame's page says which sites may show it. Nothing of
 * the site's styles gets in, nothing of ours gets out. Also understood: data-label, data-emoji, data-color, data-side="left".
 */
import { EMBED, type EmbedMessage } from './messages';

// On the element itself a site's rules would win, were ours not important.
const STYLE = `
:host { all: initial !important; position: fixed !important; z-index: 2147483000 !important; bottom: 20px !important; inset-inline-end: 20px !important;
  font: 700 16px/1.2 system-ui, sans-serif !important; }
:host([data-side=left]) { inset-inline: 20px auto !important; }
button { all: unset; box-sizing: border-box; display: inline-flex; align-items: center; gap: 10px; cursor: pointer; padding: 7px 20px 7px 7px;
  border-radius: 99px; color: #fffaf2; background: var(--color); box-shadow: 0 12px 28px -8px rgb(60 25 5 / .65); }
button:focus-visible { outline: 3px solid #fff; outline-offset: 2px; box-shadow: 0 0 0 6px #1d130e; }
span { display: grid; place-items: center; width: 46px; height: 46px; border-radius: 50%; background: #fff6e6; font-size: 25px; }
iframe { display: block; border: 0; width: min(432px, calc(100vw - 24px)); height: min(720px, calc(100vh - 40px)); border-radius: 28px;
  background: #fff6e9; box-shadow: 0 30px 70px -20px rgb(60 25 5 / .7); color-scheme: light dark; }
[hidden] { display: none !important; }
@media (max-width: 599px) { :host([data-open]) { inset: 0 !important; } :host([data-open]) iframe { width: 100vw; height: 100dvh; border-radius: 0; } }`;

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

function start(script: HTMLScriptElement): void {
  const { restaurant, label = 'Ask us', emoji = '💬', color = '#a3430f', side = 'right' } = script.dataset;
  if (!restaurant) return console.warn('widget.js: the script tag needs data-restaurant="…"');
  const { origin } = new URL(script.src);
  const host = element('div', { 'data-side': side });
  const shadow = host.attachShadow({ mode: 'closed' });
  // A sheet of our own making: a site's policy against inline styles does not hit it.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  host.style.setProperty('--color', /^#[0-9a-f]{3,8}$/i.test(color) ? color : '#a3430f');

  const button = element('button', { type: 'button', 'aria-haspopup': 'dialog' });
  const face = element('span', { 'aria-hidden': 'true' });
  face.textContent = emoji;
  button.append(face, label);
  shadow.append(button);
  let frame: HTMLIFrameElement | undefined;

  function show(open: boolean) {
    button.hidden = open;
    host.toggleAttribute('data-open', open);
    if (open && !frame) {
      const src = `${origin}/r/${encodeURIComponent(restaurant ?? '')}?${EMBED}=1`;
      frame = element('iframe', {
        src,
        title: label,
        allow: `microphone ${origin}; clipboard-write ${origin}`,
      });
      shadow.append(frame);
    }
    if (frame) frame.hidden = !open;
    if (!open) button.focus();
  }

  button.onclick = () => show(true);
  addEventListener('message', (event: MessageEvent<EmbedMessage | undefined>) => {
    if (
      event.source === frame?.contentWindow &&
      event.origin === origin &&
      event.data?.type === 'assistant:close'
    )
      show(false);
  });
  document.body.append(host);
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body) start(script);
  else addEventListener('DOMContentLoaded', () => start(script));
}
