#pragma once
#include <stddef.h>
#include <stdint.h>

// PocketSphinx's headers stay behind this one: they lie in folders of their own, and its settings come as variadic arguments, which
// Swift cannot call. Nothing here keeps samples, or writes any to disk.

/// A decoder of 16 kHz speech.
typedef struct souk_speech souk_speech;

/// Opens a decoder; `NULL` if a file is missing or damaged.
/// `acoustic` is a folder; `dictionary` a file; `language` a file with n-grams (ARPA or binary).
/// `language_weight` scales the language model against the sound; `insertion` is the chance of a further word.
souk_speech *souk_speech_open(
    const char *acoustic, const char *dictionary, const char *language, double language_weight, double insertion);
void souk_speech_close(souk_speech *speech);
/// Decodes a whole recording, unmoved by those before it. Returns 0, or -1 if the decoder failed.
int32_t souk_speech_decode(souk_speech *speech, const int16_t *samples, size_t count);
/// The words of the recording that was decoded last, until the next; `NULL` if none was heard.
const char *souk_speech_words(souk_speech *speech);
/// The chance of those words among all paths of the decoder's lattice, 0 to 1.
double souk_speech_posterior(souk_speech *speech);

/// Further ways to understand the recording, the likeliest first: one at a time, possibly the same words again.
typedef struct souk_alternatives souk_alternatives;
souk_alternatives *souk_alternatives_open(souk_speech *speech);
/// The words of the next one, until the one after it; `NULL` after the last.
const char *souk_alternatives_next(souk_alternatives *alternatives);
void souk_alternatives_close(souk_alternatives *alternatives);
