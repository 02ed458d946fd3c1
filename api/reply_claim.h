/* reply_claim.h - which partition of `replies` is ours: API_REPLY_PARTITION, or a free one, claimed by an advisory lock that ends with the process.
 *
 * When the lock's connection breaks the same partition is claimed again; another process may have it by then: then we move to a free one. Frames were lost meanwhile, so once
 * the new one is read all sockets are closed with 1012, and resume. Until a claim succeeds the old partition (or -1) stays in the_api.reply_partition. Loop thread only.
 */
#ifndef API_REPLY_CLAIM_H
#define API_REPLY_CLAIM_H

typedef void reply_claim_fn(void *ctx);

/* `ready` once: frames of our own partition are read from now on. Tries for ever, with log lines. */
void reply_claim_start(reply_claim_fn *ready, void *ctx);
void reply_claim_stop(void);

#endif
