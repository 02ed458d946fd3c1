/* text.h - UTF-8 as bytes: is it valid, how long is it, where may it be cut.
 *
 * Valid is what RFC 3629 says: no overlong forms, no surrogates, nothing above U+10FFFF. NUL is a valid code point here; who
 * does not want it asks text_is_clean(). Nothing here allocates, knows grapheme clusters or changes a text.
 */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

bool utf8_valid(const void *bytes, size_t len);
/* Length in bytes of the valid sequence that `bytes` begins with; 0 when it begins with none. */
size_t utf8_step(const void *bytes, size_t len);
/* Code points of a valid text. */
size_t utf8_length(const char *s, size_t len);
/* The largest n <= max_bytes such that the first n bytes of a valid text end between two code points. */
size_t utf8_cut(const char *s, size_t len, size_t max_bytes);
/* Valid UTF-8 without control characters (U+0000 to U+001F but newline and tab, U+007F to U+009F). */
bool text_is_clean(const char *s, size_t len);

/* What stands in the way of storing a text that people shall read, in plain words ("must not hold ..."); NULL: nothing. Control characters, and what HTML would take for the
 * beginning of a tag ("<b", "</", "<!", "<?"): "I <3 cookies" and "Mac & Cheese" are fine. A line also has no line ends and no tabs. `s` is valid UTF-8. */
const char *text_refusal(const char *s, size_t len, bool is_line);
/* Nothing but white space, or nothing at all? */
bool text_is_blank(const char *s, size_t len);

#endif
