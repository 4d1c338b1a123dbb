/* R's `.Call` on include/wardian.h: raw bytes, texts and vectors of doubles. What rows may be and what answers look like is R (wardian.R).
 *
 * R leaves a C function by a long jump wherever it has no memory, so what R gives is asked for before what Wardian gives is held. What
 * Wardian refuses is given back as a text of class "refused", of which wardian.R makes a condition. */
#include <stdint.h>
#include <string.h>

#include <R.h>
#include <R_ext/Rdynload.h>
#include <Rinternals.h>

#include "wardian.h"

/* A text of Wardian's, as R's; it is given back. */
static SEXP text_of(uint8_t *bytes, size_t length) {
    SEXP text = PROTECT(allocVector(STRSXP, 1));
    SET_STRING_ELT(text, 0, mkCharLenCE((const char *)bytes, (int)length, CE_UTF8));
    wardian_free(bytes, length);
    UNPROTECT(1);
    return text;
}

static SEXP refused(void) {
    size_t length = 0;
    uint8_t *said = wardian_failure(&length);
    SEXP text = PROTECT(text_of(said, length));
    setAttrib(text, R_ClassSymbol, PROTECT(mkString("refused")));
    UNPROTECT(2);
    return text;
}

static void closed(SEXP pointer) {
    wardian_close(R_ExternalPtrAddr(pointer));
    R_ClearExternalPtr(pointer);
}

/* The model behind a pointer. Pointers that were saved with a workspace have none. */
static const wardian_model *model_of(SEXP pointer) {
    const wardian_model *model = TYPEOF(pointer) == EXTPTRSXP ? R_ExternalPtrAddr(pointer) : NULL;
    if (!model) error("this model is of another session of R; open its file again");
    return model;
}

/* bytes: raw; options: a text of JSON. */
static SEXP r_open(SEXP bytes, SEXP options) {
    SEXP pointer = PROTECT(R_MakeExternalPtr(NULL, R_NilValue, R_NilValue));
    R_RegisterCFinalizerEx(pointer, closed, TRUE);
    const char *said = translateCharUTF8(STRING_ELT(options, 0));
    wardian_model *model = wardian_open(RAW(bytes), (size_t)XLENGTH(bytes), (const uint8_t *)said, strlen(said));
    if (model) R_SetExternalPtrAddr(pointer, model);
    SEXP given = model ? pointer : refused();
    UNPROTECT(1);
    return given;
}

static SEXP r_describe(SEXP pointer) {
    size_t length = 0;
    uint8_t *text = wardian_describe(model_of(pointer), &length);
    return text ? text_of(text, length) : refused();
}

/* columns: a list of vectors of doubles, one for each feature; width: how many numbers a row's answer has; is_double: of which type. */
static SEXP r_answer(SEXP pointer, SEXP what, SEXP columns, SEXP base_margins, SEXP threads, SEXP width, SEXP is_double) {
    const wardian_model *model = model_of(pointer);
    R_xlen_t features = XLENGTH(columns), rows = features ? XLENGTH(VECTOR_ELT(columns, 0)) : 0;
    const double **values = (const double **)R_alloc((size_t)features, sizeof *values);
    for (R_xlen_t place = 0; place < features; place++) {
        SEXP column = VECTOR_ELT(columns, place);
        if (TYPEOF(column) != REALSXP || XLENGTH(column) != rows) error("columns of doubles are due, all of one length");
        values[place] = REAL(column);
    }
    float *base = NULL;
    if (!isNull(base_margins)) {
        R_xlen_t count = XLENGTH(base_margins);
        base = (float *)R_alloc((size_t)count, sizeof *base);
        for (R_xlen_t place = 0; place < count; place++) base[place] = (float)REAL(base_margins)[place];
    }
    R_xlen_t count = rows * asInteger(width);
    SEXP answers = PROTECT(allocVector(REALSXP, count));
    /* 32-bit answers are written into the half of R's doubles that is behind them, and widened from the front: each is read before its place
     * is written to. */
    float *narrow = asLogical(is_double) ? NULL : (float *)REAL(answers) + count;
    int status = wardian_answer(model, asInteger(what), 64, 1, values, (size_t)rows, base, (size_t)asInteger(threads),
                                narrow ? (void *)narrow : (void *)REAL(answers), (size_t)count);
    if (status) {
        SEXP said = refused();
        UNPROTECT(1);
        return said;
    }
    for (R_xlen_t place = 0; narrow && place < count; place++) {
        float answer;
        memcpy(&answer, narrow + place, sizeof answer);
        double wide = answer;
        memcpy(REAL(answers) + place, &wide, sizeof wide);
    }
    UNPROTECT(1);
    return answers;
}

static const R_CallMethodDef calls[] = {
    {"r_open", (DL_FUNC)&r_open, 2}, {"r_describe", (DL_FUNC)&r_describe, 1}, {"r_answer", (DL_FUNC)&r_answer, 7}, {NULL, NULL, 0}};

void R_init_wardian(DllInfo *library) {
    R_registerRoutines(library, NULL, calls, NULL, NULL);
    R_useDynamicSymbols(library, FALSE);
}
