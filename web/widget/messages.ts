/** The query parameter of a page that shows nothing but the assistant. */
export const EMBED = 'embed';

/** What the framed assistant tells the page around it. Nothing in it is a secret: any page may be the parent. */
export interface EmbedMessage {
  type: 'assistant:close';
}
