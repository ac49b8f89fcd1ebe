#include "CICU.h"
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utrans.h>

int32_t souk_nfkd(const uint16_t *source, int32_t length, uint16_t *target, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKDInstance(&status);
    if (U_FAILURE(status)) return -1;
    int32_t count = unorm2_normalize(form, source, length, target, capacity, &status);
    return U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR ? -1 : count;
}

bool souk_is_mark(int32_t point) { return (U_GET_GC_MASK(point) & U_GC_M_MASK) != 0; }
bool souk_is_alphanumeric(int32_t point) { return u_isalnum(point); }
int32_t souk_fold_case(int32_t point) { return u_foldCase(point, U_FOLD_CASE_DEFAULT); }

int32_t souk_word_breaks(
    const char *language, const uint16_t *text, int32_t length, int32_t *ends, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, language, text, length, &status);
    if (U_FAILURE(status)) return -1;
    int32_t count = 0;
    ubrk_first(words);
    for (int32_t end = ubrk_next(words); end != UBRK_DONE && count < capacity; end = ubrk_next(words)) ends[count++] = end;
    ubrk_close(words);
    return count;
}

int32_t souk_to_latin(uint16_t *text, int32_t length, int32_t capacity) {
    static UTransliterator *rules = NULL;
    UErrorCode status = U_ZERO_ERROR;
    if (rules == NULL) rules = utrans_openU(u"NFC; Any-Latin; Latin-ASCII; Lower", -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_FAILURE(status)) return -1;
    int32_t limit = length;
    utrans_transUChars(rules, text, &length, capacity, 0, &limit, &status);
    return U_FAILURE(status) ? -1 : length;
}
