import type { AnalyticsEvent } from '../../gen/types';

export type Kept = AnalyticsEvent & { at: string };

/** What became of a batch; what was refused would be refused again. */
export type Sent = 'taken' | 'refused' | 'later';

export interface QueueOptions {
  post: (events: Kept[]) => Promise<Sent>;
  /** Where events wait that did not arrive before the page was left. */
  load: () => Kept[];
  keep: (events: Kept[]) => void;
}

export interface Queue {
  add: (event: Kept) => void;
  flush: () => void;
  /** The page may not come back: sends what waits and keeps it, since nobody may be there to hear that it arrived. Its ids make it count once. */
  leave: () => void;
}

const BATCH = 20;
const WAIT_MS = 5_000;
const WAIT_MAX_MS = 60_000;
/** Without a network for long: the newest stay. */
const KEPT = 200;

/** Events on their way to the server, in batches; a failure costs nothing but a later try. */
export function createQueue({ post, load, keep }: QueueOptions): Queue {
  let waiting = load().slice(-KEPT);
  let failures = 0;
  let sending = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function plan() {
    timer ??= setTimeout(() => void send(), Math.min(WAIT_MAX_MS, WAIT_MS * 2 ** failures));
  }

  async function send() {
    clearTimeout(timer);
    timer = undefined;
    if (sending || waiting.length === 0) return;
    sending = true;
    const batch = waiting.slice(0, BATCH);
    const sent = await post(batch).catch((): Sent => 'later');
    sending = false;
    failures = sent === 'later' ? failures + 1 : 0;
    if (sent !== 'later') waiting = waiting.filter((event) => !batch.includes(event));
    keep(waiting);
    if (waiting.length) plan();
  }

  if (waiting.length) plan();
  return {
    add(event) {
      waiting = [...waiting, event].slice(-KEPT);
      if (waiting.length >= BATCH && failures === 0) void send();
      else plan();
    },
    flush: () => void send(),
    leave() {
      keep(waiting);
      void send();
    },
  };
}
