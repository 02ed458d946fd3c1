/** The server's limit, in code points. */
export const MESSAGE_LIMIT = 2000;

export interface Draft {
  text: string;
  left: number;
  sendable: boolean;
}

/** What would be sent of this draft, and whether it may be. */
export function checkDraft(draft: string): Draft {
  const text = draft.trim();
  const left = MESSAGE_LIMIT - Array.from(text).length;
  return { text, left, sendable: text.length > 0 && left >= 0 };
}
