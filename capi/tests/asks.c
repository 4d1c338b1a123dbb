/* A program in C that opens a model, and asks it for everything that include/wardian.h has. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wardian.h"

static int failed(const char *what) {
    size_t length = 0;
    uint8_t *said = wardian_failure(&length);
    printf("%s: %.*s\n", what, (int)length, said ? (char *)said : "nothing is said");
    wardian_free(said, length);
    return 1;
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    FILE *file = fopen(arguments[1], "rb");
    if (!file) return 2;
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = wardian_allocate(size);
    if (fread(bytes, 1, size, file) != size) return 2;
    fclose(file);

    const char *options = "{\"name\": \"model.ubj\"}";
    if (wardian_open(bytes, size / 2, (const uint8_t *)options, strlen(options))) return 3;
    failed("half");
    wardian_model *model = wardian_open(bytes, size, (const uint8_t *)options, strlen(options));
    wardian_release(bytes, size);
    if (!model) return failed("open");

    size_t length = 0;
    uint8_t *text = wardian_describe(model, &length);
    if (!text || !strstr((char *)text, "\"answerBits\":32")) return failed("describe");
    wardian_free(text, length);

    float row[8] = {1, 106, 70, 28, 135, 34.2f, 0.142f, 22}, prediction = 0, margin = 0, moved = 0, base = 1;
    double contributions[9];
    if (wardian_answer(model, WARDIAN_PREDICTIONS, 32, 0, row, 1, NULL, 1, &prediction, 1)) return failed("answer");
    if (wardian_answer(model, WARDIAN_MARGINS, 32, 0, row, 1, NULL, 1, &margin, 1)) return failed("answer");
    if (wardian_answer(model, WARDIAN_MARGINS, 32, 0, row, 1, &base, 1, &moved, 1)) return failed("answer");
    if (wardian_answer(model, WARDIAN_CONTRIBUTIONS, 32, 0, row, 1, NULL, 1, contributions, 9)) return failed("answer");
    double sum = 0;
    for (int place = 0; place < 9; place++) sum += contributions[place];
    printf("%.9g %.9g %d %d\n", prediction, margin, moved != margin, fabs(sum - margin) < 1e-12);

    enum { ROWS = 10000 };
    static double values[8][ROWS];
    const double *columns[8];
    static float answers[ROWS];
    for (int column = 0; column < 8; column++) {
        columns[column] = values[column];
        for (int place = 0; place < ROWS; place++) values[column][place] = row[column];
    }
    if (wardian_answer(model, WARDIAN_PREDICTIONS, 64, 1, columns, ROWS, NULL, 2, answers, ROWS)) return failed("columns");
    int same = 0;
    for (int place = 0; place < ROWS; place++) same += answers[place] == prediction;
    printf("%d\n", same);

    wardian_nullable given[8];
    static uint8_t validity[ROWS / 8 + 1];
    for (int column = 0; column < 8; column++) given[column] = (wardian_nullable){values[column], NULL, 0};
    /* Of every other row the fifth value is not there, whatever lies where it would be. */
    memset(validity, 0x55, sizeof validity);
    given[4] = (wardian_nullable){values[4], validity, 2};
    for (int place = 1; place < ROWS; place += 2) values[4][place] = INFINITY;
    wardian_question asked = {model, WARDIAN_PREDICTIONS, 64, 2, given, ROWS, NULL, 1, answers, ROWS};
    if (wardian_answer_question(&asked)) return failed("nullable");
    row[4] = NAN;
    if (wardian_answer(model, WARDIAN_PREDICTIONS, 32, 0, row, 1, NULL, 1, &margin, 1)) return failed("answer");
    same = 0;
    for (int place = 0; place < ROWS; place++) same += answers[place] == (place % 2 ? margin : prediction);
    printf("%d %d\n", same, margin != prediction);
    row[4] = 135;
    for (int place = 0; place < ROWS; place++) values[4][place] = 135;

    values[5][7000] = INFINITY;
    if (!wardian_answer(model, WARDIAN_PREDICTIONS, 64, 1, columns, ROWS, NULL, 2, answers, ROWS)) return 4;
    failed("infinite");
    if (!wardian_answer(model, WARDIAN_PREDICTIONS, 32, 0, row, 1, NULL, 1, answers, 2)) return 5;
    failed("room");
    if (!wardian_answer(model, 7, 32, 0, row, 1, NULL, 1, answers, 1)) return 6;
    failed("what");

    const char *question = "{\"ask\": \"warnings\", \"row\": [1, 106, 70, 28, 135, 34.2, 0.142, 22]}";
    text = wardian_ask(model, (const uint8_t *)question, strlen(question), &length);
    if (!text) return failed("ask");
    printf("%.*s\n", (int)length, (char *)text);
    wardian_free(text, length);
    if (wardian_ask(model, (const uint8_t *)"{}", 2, &length)) return 7;
    failed("question");

    const char *table = "times_pregnant;glucose;blood_pressure;skin_fold_thick;serum_insulin;mass_index;diabetes_pedigree;age\n"
                       "1;106;70;28;135;34,2;0,142;22\n";
    uint8_t *rows = wardian_rows(model, (const uint8_t *)table, strlen(table), NULL, 0, &length);
    if (!rows) return failed("rows");
    double read[8];
    memcpy(read, rows + length - sizeof read, sizeof read);
    wardian_free(rows, length);
    if (wardian_answer(model, WARDIAN_PREDICTIONS, 64, 0, read, 1, NULL, 1, answers, 1)) return failed("rows' answer");
    printf("%d\n", answers[0] == prediction);
    if (wardian_rows(model, (const uint8_t *)"", 0, NULL, 0, &length)) return 8;
    failed("no rows");

    const char *request = "{\"product\": \"risk.wardian\"}";
    uint8_t *sealed = wardian_seal(model, (const uint8_t *)request, strlen(request), NULL, 0, &length);
    if (!sealed) return failed("seal");
    printf("%d\n", memcmp(sealed + 4, "{\"files\":[{\"length\":", 20) == 0);
    wardian_free(sealed, length);

    text = wardian_save(model, &length);
    wardian_close(model);
    model = wardian_open(text, length, NULL, 0);
    wardian_free(text, length);
    if (!model) return failed("open again");
    if (wardian_answer(model, WARDIAN_PREDICTIONS, 32, 0, row, 1, NULL, 1, &margin, 1)) return failed("answer again");
    printf("%d\n", margin == prediction);
    wardian_close(model);
    return 0;
}
