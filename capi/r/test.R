# What wardian.R answers, compared with the golden rows of the repository's cases: `Rscript test.R <folder of wardian.so> <models>`.
arguments <- commandArgs(trailingOnly = TRUE)
folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(folder, "wardian.R"))
wardian_load(file.path(arguments[1], "wardian.so"))
models <- arguments[2]
passed <- 0

holds <- function(said, what) {
  if (!isTRUE(what)) stop(said, call. = FALSE)
  passed <<- passed + 1
}
# 32-bit answers are compared as such: a golden file has as many digits as give them back.
single <- function(numbers) writeBin(as.double(numbers), raw(), size = 4)
refused <- function(action) tryCatch({ action; NULL }, wardian_error = identity)
golden <- function(name) read.csv(file.path(models, name, "golden.csv"), check.names = FALSE)

# XGBoost, one answer, 32 bits; the schema says which columns mean "not measured" by zero.
rows <- golden("diabetes")
path <- file.path(models, "diabetes", "diabetes.ubj")
diabetes <- wardian_open(path, schema = file.path(models, "diabetes", "schema.json"))
holds("the diabetes case's answers", identical(single(predict(diabetes, rows)), single(rows$prediction)))
holds("its margins", identical(single(predict(diabetes, rows, type = "margin")), single(rows$margin)))
holds("on two threads", identical(predict(diabetes, rows, threads = 2), predict(diabetes, rows)))
measured <- rows[diabetes$features]
for (name in c("glucose", "blood_pressure", "skin_fold_thick", "serum_insulin", "mass_index")) measured[[name]][measured[[name]] == 0] <- NA
holds("NA in the place of zeros", anyNA(measured) && identical(single(predict(wardian_open(path), measured)), single(rows$prediction)))
holds("a matrix without names", identical(predict(diabetes, unname(as.matrix(measured))), predict(diabetes, rows)))
holds("other columns, in another order", identical(predict(diabetes, rows[rev(names(rows))]), predict(diabetes, rows)))
reasons <- explain(diabetes, rows)
holds("contributions' names", identical(colnames(reasons), c(diabetes$features, "base")))
holds("they sum up to the margin", max(abs(rowSums(reasons) - rows$margin)) < 1e-5)
holds("a base margin of each row", all(predict(diabetes, rows, type = "margin", base_margin = rep(1, nrow(rows))) != rows$margin))
holds("no rows", identical(predict(diabetes, rows[0, ]), numeric(0)))

# scikit-learn, three classes, 64 bits.
rows <- golden("wine")
wine <- wardian_open(file.path(models, "wine", "wine.sklearn.pkl"))
answers <- predict(wine, rows)
holds("classes' names", identical(colnames(answers), c("barbera", "barolo", "grignolino")))
holds("the wine case's answers", identical(unname(answers), unname(as.matrix(rows[colnames(answers)]))))
reasons <- explain(wine, rows)
holds("a matrix for each class", identical(names(reasons), colnames(answers)))
margins <- as.matrix(rows[paste0("margin_", 0:2)])
holds("each sums up to its margin", all(mapply(function(own, class) max(abs(rowSums(own) - margins[, class])), reasons, 1:3) < 1e-9))

# LightGBM, a categorical feature: a text or a factor.
rows <- golden("petal")
petal <- wardian_open(file.path(models, "petal", "petal.lightgbm.txt"))
holds("the petal case's answers", identical(predict(petal, rows), rows$prediction))
rows$species <- factor(rows$species)
holds("a factor", identical(predict(petal, rows), rows$prediction))

# What is refused is a condition with a code and a field.
levels(rows$species)[1] <- "tulip"
error <- refused(predict(petal, rows))
holds("an unknown category", error$code == "unknown_category" && error$field == "species" && grepl("tulip", conditionMessage(error)))
error <- refused(predict(diabetes, measured[-2]))
holds("an absent column", error$code == "unknown_field" && grepl("glucose", conditionMessage(error)))
error <- refused(predict(diabetes, transform(measured, age = "old")))
holds("text for a number", error$code == "not_a_number" && error$field == "age")
error <- refused(predict(diabetes, replace(measured, "age", Inf)))
holds("infinity", error$code == "not_finite" && grepl("row 1, age", conditionMessage(error)))
error <- refused(wardian_open(file.path(models, "wine", "README.md")))
holds("no model", error$code %in% c("invalid_model", "unsupported_model") && grepl("README.md", conditionMessage(error)))
holds("any handler of errors has it", inherits(try(predict(diabetes, measured[-2]), silent = TRUE), "try-error"))
saved <- tempfile()
saveRDS(diabetes, saved)
holds("a model of another session", grepl("open its file again", tryCatch(predict(readRDS(saved), measured), error = conditionMessage)))

cat(sprintf("R %s.%s: ", R.version$major, R.version$minor), "\n", passed, sprintf(" passed in %.2fs\n", proc.time()[["elapsed"]]), sep = "")
