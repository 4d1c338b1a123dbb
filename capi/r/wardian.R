# Wardian's models in R: the trainer's own answers, explained. Beside R it needs the package jsonlite, and wardian.so:
#
#     PKG_CPPFLAGS="-I../include" PKG_LIBS="-L<folder> -lwardian_capi -Wl,-rpath,<folder>" R CMD SHLIB -o wardian.so wardian.c
#
#     source("wardian.R"); wardian_load("wardian.so")
#     model <- wardian_open("model.ubj")
#     predict(model, newdata)

# Loads what R CMD SHLIB has made.
wardian_load <- function(path) {
  wardian_calls <<- getDLLRegisteredRoutines(dyn.load(path))$.Call
  invisible(path)
}

# The model in a file of XGBoost, LightGBM, CatBoost, scikit-learn, ONNX, or .wardian.
#   missing: the value that means "not measured" beside NA: XGBoost's `missing`. all_trees: keep the trees after the best round.
#   schema: a path of a schema.json: names, units, ranges and missing codes of the inputs.
wardian_open <- function(path, missing = NULL, all_trees = FALSE, schema = NULL) {
  bytes <- readBin(path, "raw", file.size(path))
  options <- list(name = basename(path), allTrees = all_trees)
  options$missing <- missing
  if (!is.null(schema)) options$schema <- jsonlite::fromJSON(schema, simplifyVector = FALSE)
  text <- jsonlite::toJSON(options, auto_unbox = TRUE, digits = NA)
  pointer <- .wardian(wardian_calls$r_open, bytes, enc2utf8(as.character(text)))
  said <- jsonlite::fromJSON(.wardian(wardian_calls$r_describe, pointer), simplifyVector = FALSE)
  features <- vapply(said$features, function(feature) feature$name, "")
  structure(list(pointer = pointer, description = said, features = features), class = "wardian")
}

# What the trainer's predict gives for rows: a matrix of numbers or a data frame, NA for what was not measured. Of several answers a row
# (probabilities of classes, targets) a matrix with a column each.
#   type: "response", or "margin" for the sums of the trees. base_margin: XGBoost's. threads: how many at most.
predict.wardian <- function(object, newdata, type = c("response", "margin"), base_margin = NULL, threads = 1L, ...) {
  type <- match.arg(type)
  width <- if (type == "response") object$description$predictions else object$description$outputs
  answers <- .wardian_answers(object, if (type == "response") 0L else 1L, newdata, base_margin, threads, width)
  if (width == 1) return(answers)
  matrix(answers, ncol = width, byrow = TRUE, dimnames = list(NULL, .wardian_classes(object, width)))
}

# Why: each feature's exact SHAP value on the margin's scale, and the column "base" behind them; of several outputs a list of such matrices.
explain <- function(model, newdata, base_margin = NULL, threads = 1L) {
  outputs <- model$description$outputs
  each <- length(model$features) + 1
  answers <- .wardian_answers(model, 2L, newdata, base_margin, threads, outputs * each)
  wide <- matrix(answers, ncol = outputs * each, byrow = TRUE)
  own <- lapply(seq_len(outputs), function(output) {
    structure(wide[, (output - 1) * each + seq_len(each), drop = FALSE], dimnames = list(NULL, c(model$features, "base")))
  })
  if (outputs == 1) own[[1]] else stats::setNames(own, .wardian_classes(model, outputs))
}

print.wardian <- function(x, ...) {
  said <- x$description
  cat(sprintf("<wardian: %s, %d features, %d trees; %s %s>\n", said$kind, length(x$features), said$trees, said$trainer, said$trainerVersion))
  invisible(x)
}

.wardian_classes <- function(model, width) {
  classes <- unlist(model$description$classes)
  if (length(classes) == width) classes else NULL
}

.wardian_answers <- function(model, what, newdata, base_margin, threads, width) {
  is_double <- what == 2L || model$description$answerBits == 64
  # One row's behind another's.
  if (!is.null(base_margin)) base_margin <- as.double(if (is.matrix(base_margin)) t(base_margin) else base_margin)
  columns <- .wardian_columns(model, newdata)
  .wardian(wardian_calls$r_answer, model$pointer, what, columns, base_margin, as.integer(threads), as.integer(width), is_double)
}

# Rows as a list of vectors of doubles in the model's order.
.wardian_columns <- function(model, rows) {
  if (is.matrix(rows)) {
    # Without names the columns are the features, in the model's order.
    given <- stats::setNames(lapply(seq_len(ncol(rows)), function(place) rows[, place]), colnames(rows))
  } else if (is.data.frame(rows)) {
    given <- as.list(rows)
  } else {
    .wardian_refuse("a matrix of numbers or a data frame is due", "wrong_type")
  }
  features <- model$features
  absent <- setdiff(features, names(given))
  if (length(absent)) {
    if (!is.null(names(given)) && !model$description$namesAreInvented) {
      .wardian_refuse(paste("these columns are not there:", toString(absent)), "unknown_field", absent[1])
    }
    if (length(given) != length(features)) {
      .wardian_refuse(sprintf("%d columns are given; %d are due", length(given), length(features)), "wrong_field_count")
    }
    names(given) <- features
  }
  lapply(seq_along(features), function(place) {
    name <- features[place]
    column <- given[[name]]
    categories <- unlist(model$description$features[[place]]$categories)
    if (is.factor(column)) column <- as.character(column)
    if (is.character(column)) {
      if (is.null(categories)) .wardian_refuse(sprintf("%s is a column of text; numbers are due", name), "not_a_number", name)
      codes <- match(column, categories) - 1
      unknown <- which(is.na(codes) & !is.na(column))
      if (length(unknown)) {
        said <- sprintf("row %d, %s: '%s' is no category: %s", unknown[1], name, column[unknown[1]], toString(categories))
        .wardian_refuse(said, "unknown_category", name)
      }
      return(as.double(codes))
    }
    if (!is.numeric(column) && !is.logical(column)) {
      .wardian_refuse(sprintf("%s is a column of %s; numbers are due", name, class(column)[1]), "not_a_number", name)
    }
    as.double(column)
  })
}

# Calls the library; what it refuses is a condition of class "wardian_error" with `code` and `field`.
.wardian <- function(routine, ...) {
  given <- .Call(routine, ...)
  if (inherits(given, "refused")) {
    said <- jsonlite::fromJSON(unclass(given))
    .wardian_refuse(said$message, said$code, said$field)
  }
  given
}

.wardian_refuse <- function(message, code, field = NULL) {
  stop(structure(class = c("wardian_error", "error", "condition"), list(message = message, call = NULL, code = code, field = field)))
}
