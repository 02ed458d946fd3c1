const END = /[.!?…。！？]["'”’)]*(?=\s)|\n/g;

/** The part of a text that is whole sentences, and how much of the text that is; a last sentence without its end is left for later. */
export function wholeSentences(text: string, from = 0): { said: string; upto: number } {
  let upto = from;
  for (const match of text.slice(from).matchAll(END)) upto = from + match.index + match[0].length;
  return { said: text.slice(from, upto).trim(), upto };
}
