/* persona.h - what a model double says, as a whole text; see tests/doubles/double.h for who they are. Pure. */
#ifndef TESTS_SUPPORT_PERSONA_H
#define TESTS_SUPPORT_PERSONA_H

#include "common/arena.h"

/* `prompt` is the system text, `message` the guest's last words. The same words get the same answer. NULL for a persona that is none of
 * honest, lying, obedient, broken and echo. */
const char *persona_text(struct arena *a, const char *persona, const char *prompt, const char *message);

#endif
