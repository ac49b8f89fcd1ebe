#pragma once
#include <stdbool.h>
#include <stdint.h>

// ICU's headers stay behind this one: their types clash with the copy of ICU inside Foundation, and their functions are
// renamed with each version by macros, which Swift does not see.

/// Compatibility decomposition (NFKD) of UTF-16. Returns the length, which may exceed `capacity`, or -1 on an error.
int32_t souk_nfkd(const uint16_t *source, int32_t length, uint16_t *target, int32_t capacity);
/// Whether a code point is a mark that stands on another, such as an accent.
bool souk_is_mark(int32_t point);
bool souk_is_alphanumeric(int32_t point);
int32_t souk_fold_case(int32_t point);
/// Where the words of UTF-16 end, in the order of the text; blanks and punctuation count as words. Writes at most
/// `capacity` ends and returns how many, or -1 on an error.
int32_t souk_word_breaks(
    const char *language, const uint16_t *text, int32_t length, int32_t *ends, int32_t capacity);
/// Any script in ASCII letters, lower case, as it sounds; a mark for those without a sound. One call at a time.
/// Changes `text`, which has room for `capacity` units, in place; returns the length, or -1 on an error.
int32_t souk_to_latin(uint16_t *text, int32_t length, int32_t capacity);
