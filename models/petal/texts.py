"""What the case says in words. `zh.json` and `es.json` have each of these in Chinese and Spanish."""

FEATURES = {
    "sepal_length": ("Sepal length", "From the base of the sepal, one of the three outer leaves of the flower, to its tip."),
    "sepal_width": ("Sepal width", "Where the sepal is widest."),
    "petal_width": ("Petal width", "Where the petal, one of the three inner leaves of the flower, is widest."),
    "species": ("Species", "Which iris it is. The study had fifty flowers of each."),
}
NAMES = {
    "sepal_length": ["sepal length", "sepal length (cm)", "Sepal.Length", "SepalLengthCm", "花萼长度", "largo del sépalo", "longitud del sepalo"],
    "sepal_width": ["sepal width", "sepal width (cm)", "Sepal.Width", "SepalWidthCm", "花萼宽度", "ancho del sépalo", "anchura del sepalo"],
    "petal_width": ["petal width", "petal width (cm)", "Petal.Width", "PetalWidthCm", "花瓣宽度", "ancho del pétalo", "anchura del petalo"],
    "species": ["Species", "class", "iris", "种类", "品种", "especie"],
}
CHOICES = {"setosa": "Bristle-pointed iris (setosa)", "versicolor": "Blue flag (versicolor)", "virginica": "Virginia iris (virginica)"}

TITLE = "Petal length of an iris"
OUTCOME = "the length of the flower's petals"
WORDS = {
    "app.lede": "From three measurements of the flower and its species, the length of its petals, by a small model of trees.",
}
ZONES = {
    "short": "Short petals: in the study only setosa has petals of up to {to} cm.",
    "middle": "In the study no virginica has petals this short, and no setosa petals this long.",
    "both": "where two species meet",
    "both.text": "From {low} to {to} cm the study has petals of both versicolor and virginica.",
    "long": "Long petals: in the study only virginica has petals of more than {low} cm.",
}

NOTICE = "A demonstration on 149 flowers that were measured before 1936. It tells nothing of irises that grow elsewhere."
INTENDED_USE = [
    "Showing that a model of LightGBM with a category among its inputs answers on the reader's own device, exactly as its trainer would.",
    "Teaching: a data set that many know, with an answer that is a length and not a class.",
]
OUT_OF_SCOPE = [
    "Telling species apart: the species is an input here.",
    "Other irises than these three, garden forms and flowers that are not fully open.",
]
POPULATION = (
    "150 flowers, fifty each of Iris setosa, Iris versicolor and Iris virginica. Edgar Anderson measured them on the Gaspé Peninsula in Quebec; those of setosa and "
    "versicolor were picked on one day in one pasture. One flower, which the example shows, was held out of training."
)
SOURCE = (
    "E. Anderson; published by R. A. Fisher, “The use of multiple measurements in taxonomic problems” (1936); as scikit-learn ships it (load_iris)"
)
FAULTS = "All lengths were rounded to a millimetre. Five flowers have the same four inputs as another one."
PROCEDURE = (
    "In cross-validation: {folds} parts, {repeats} times. Each flower was judged by models that had not seen it. The figures are means over the {parts} parts, with "
    "their standard deviation. Four recipes were tried; their errors differed by less than 0.01 cm."
)
MEASURES = ["Measure", "This model", "Linear regression", "Mean of the species"]
MEAN_ERROR = "Mean absolute error, cm"
SQUARED_ERROR = "Root of the mean squared error, cm"
EXPLAINED = "Explained variance (R²)"
GROUPS_CAPTION = "By species"
GROUPS = ["Species", "Flowers", "Mean absolute error, cm"]
LIMITS = [
    "A linear regression on the same four inputs is as good.",
    "Most of what it knows is the species: the mean length of the species alone is wrong by about half as much again.",
    "It answers in steps, as trees do, and hardly beyond the lengths that it was trained with.",
    "No value may be missing: no flower of the study lacked one, and LightGBM would take a missing one for zero.",
    "Its range of uncertainty comes from models of the same training that saw nine tenths of the flowers: the model itself saw them all.",
]
JUDGED = (
    "Cross-validation of the same training, in {folds} parts: each of the {rows} flowers was judged by a model that had not seen it. The model itself saw them all."
)
LICENCE = "MIT OR Apache-2.0 (model, scripts and this card)"
