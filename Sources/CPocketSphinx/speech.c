#include "CPocketSphinx.h"
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <stdio.h>
#include <stdlib.h>

struct souk_speech { ps_decoder_t *decoder; };
struct souk_alternatives { ps_nbest_t *place; };

souk_speech *souk_speech_open(
    const char *acoustic, const char *dictionary, const char *language, double language_weight, double insertion) {
    // Its messages would tell what was said.
    err_set_logfp(NULL);
    char weight[32], word[32];
    snprintf(weight, sizeof weight, "%g", language_weight);
    snprintf(word, sizeof word, "%g", insertion);
    cmd_ln_t *settings = cmd_ln_init(
        NULL, ps_args(), TRUE, "-hmm", acoustic, "-dict", dictionary, "-lm", language, "-lw", weight, "-wip", word, NULL);
    if (settings == NULL) return NULL;
    ps_decoder_t *decoder = ps_init(settings);
    cmd_ln_free_r(settings);
    if (decoder == NULL) return NULL;
    souk_speech *speech = malloc(sizeof *speech);
    if (speech == NULL) {
        ps_free(decoder);
        return NULL;
    }
    speech->decoder = decoder;
    return speech;
}

void souk_speech_close(souk_speech *speech) {
    ps_free(speech->decoder);
    free(speech);
}

int32_t souk_speech_decode(souk_speech *speech, const int16_t *samples, size_t count) {
    // What was learned of the noise of the recording before is forgotten.
    if (ps_start_stream(speech->decoder) < 0 || ps_start_utt(speech->decoder) < 0) return -1;
    int32_t outcome = ps_process_raw(speech->decoder, samples, count, FALSE, TRUE) < 0 ? -1 : 0;
    return ps_end_utt(speech->decoder) < 0 ? -1 : outcome;
}

const char *souk_speech_words(souk_speech *speech) { return ps_get_hyp(speech->decoder, NULL); }

double souk_speech_posterior(souk_speech *speech) {
    return logmath_exp(ps_get_logmath(speech->decoder), ps_get_prob(speech->decoder));
}

souk_alternatives *souk_alternatives_open(souk_speech *speech) {
    souk_alternatives *alternatives = malloc(sizeof *alternatives);
    if (alternatives) alternatives->place = ps_nbest(speech->decoder);
    return alternatives;
}

const char *souk_alternatives_next(souk_alternatives *alternatives) {
    if (alternatives->place == NULL) return NULL;
    // The last step frees the place.
    alternatives->place = ps_nbest_next(alternatives->place);
    return alternatives->place ? ps_nbest_hyp(alternatives->place, NULL) : NULL;
}

void souk_alternatives_close(souk_alternatives *alternatives) {
    if (alternatives->place) ps_nbest_free(alternatives->place);
    free(alternatives);
}
