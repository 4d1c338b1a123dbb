/* Wardian's models for programs that speak C: bytes, texts and arrays of numbers.
 *
 * A function that fails gives NULL, or a status that is not 0; wardian_failure tells why, on the same thread. A model does not change once
 * it is open: any number of threads may ask it at once. Texts are UTF-8, and no zero byte ends them.
 */
#ifndef WARDIAN_H
#define WARDIAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A model in memory. */
typedef struct wardian_model wardian_model;

/* What is asked of rows. */
enum {
    WARDIAN_PREDICTIONS = 0,   /* what the trainer's predict gives */
    WARDIAN_MARGINS = 1,       /* the sums of the trees, before the link */
    WARDIAN_CONTRIBUTIONS = 2  /* for each output what each feature adds to the margin, and behind them the base; always doubles */
};

/* The model in the bytes of a file: .wardian, XGBoost, LightGBM, CatBoost, scikit-learn, ONNX. options is a text of JSON, or empty:
 * {"name": what errors call the file, "allTrees": true, "missing": -999 or "NaN" for none, "categoriesFrom": "pandas",
 * "schema": {...}, as schema.json has it}. */
wardian_model *wardian_open(const uint8_t *bytes, size_t length, const uint8_t *options, size_t options_length);

/* Gives its memory back. NULL is nothing. */
void wardian_close(wardian_model *model);

/* What is to be known of it, an object of JSON: features, outputs, predictions, answerBits and more. Give it to wardian_free. */
uint8_t *wardian_describe(const wardian_model *model, size_t *length);

/* The model as a .wardian file. Give it to wardian_free. */
uint8_t *wardian_save(const wardian_model *model, size_t *length);

/* A column some of whose values are not there: validity has a bit for each, the lowest of a byte first, from the bit at first on; 0 where the
 * value is not there. That is Arrow's validity bitmap; NULL where all are. */
typedef struct {
    const void *values;
    const uint8_t *validity;
    size_t first;
} wardian_nullable;

/* Answers rows. bits, 32 or 64, is the type of the values: float or double, NaN for what was not measured. Where is_columns is 0, values
 * is the rows, one after another; where it is 1, an array of the addresses of the columns, one for each feature; where it is 2, an array of
 * wardian_nullable. base_margins is NULL, or floats, one for each row and output. out has room for out_length numbers: rows times "predictions", "outputs", or "outputs" times ("features" + 1);
 * floats or doubles, as "answerBits" says, and doubles for contributions. The bits do not depend on the layout or on threads. */
int32_t wardian_answer(const wardian_model *model, int32_t what, int32_t bits, int32_t is_columns, const void *values, size_t rows,
                       const float *base_margins, size_t threads, void *out, size_t out_length);

/* The same, asked by what lies in memory: for callers to whom each argument of a call is dear. */
typedef struct {
    const wardian_model *model;
    int32_t what, bits, is_columns;
    const void *values;
    size_t rows;
    const float *base_margins;
    size_t threads;
    void *out;
    size_t out_length;
} wardian_question;
int32_t wardian_answer_question(const wardian_question *question);

/* The answer to a question about one row, both JSON. Give it to wardian_free. row is an array of values, null for what was not measured:
 * {"ask": "curve", "row": [...], "feature": 2, "most": 100}, {"ask": "unknown", "row": [...]}, {"ask": "warnings", "row": [...]},
 * {"ask": "importance"}; and of many rows {"ask": "figures", "answers": predictions, "labels": texts} and {"ask": "interval", "certainty": what
 * figures told, "answers": predictions, "level": 90}. */
uint8_t *wardian_ask(const wardian_model *model, const uint8_t *question, size_t question_length, size_t *length);

/* The rows in the bytes of a file: CSV or the like, or JSON lines, as `wardian predict` reads them. options is a text of JSON, or empty: what
 * the command's options say, by their names, {"delimiter": ";", "column": ["age=#9"]}. What comes out is the length of a text of JSON in four
 * bytes, little-endian; that text, {"notes", "warnings"}; and the values as 64-bit floats, one row's behind another's. Give it to
 * wardian_free. */
uint8_t *wardian_rows(const wardian_model *model, const uint8_t *file, size_t file_length, const uint8_t *options, size_t options_length,
                      size_t *length);

/* A product, as `wardian seal` makes it: {"product": "risk.html", "title": ..., "case": {...}, "data": {"place": ..., "text": CSV}, ...}.
 * shell is the shell's archive, or empty for a product that is set into none. What comes out is the length of a text of JSON in four
 * bytes, little-endian; that text, {"summary", "notes", "files": [{"name", "length"}]}; and the files one behind another. Give it to
 * wardian_free. */
uint8_t *wardian_seal(const wardian_model *model, const uint8_t *request, size_t request_length, const uint8_t *shell, size_t shell_length,
                      size_t *length);

/* What the last failure of this thread was: {"code", "field", "message"}; NULL where nothing has failed. Give it to wardian_free. */
uint8_t *wardian_failure(size_t *length);

/* Gives bytes back that a function above has handed over. */
void wardian_free(uint8_t *bytes, size_t length);

/* Memory of so many bytes, aligned for doubles, and its way back: for callers whose own memory a module of WebAssembly cannot see. */
void *wardian_allocate(size_t size);
void wardian_release(void *memory, size_t size);

#ifdef __cplusplus
}
#endif

#endif
