"""What the case says in words. `zh.json` and `es.json` have each of these in Chinese and Spanish."""

BASICS, PHENOLS, COLOUR = "Basic analysis", "Phenols", "Colour and absorbance"

# Name: label, unit, group, help. The data state no units: these are the usual ones, which fit the numbers.
FEATURES = {
    "alcohol": ("Alcohol", "% vol", BASICS, "Ethanol by volume."),
    "malic_acid": ("Malic acid", "g/L", BASICS, "The acid of unripe grapes; it falls as they ripen."),
    "ash": ("Ash", "g/L", BASICS, "What is left when the wine is evaporated and burnt: its minerals."),
    "alcalinity_of_ash": ("Alkalinity of ash", "meq/L", BASICS, "How much acid the ash takes up."),
    "magnesium": ("Magnesium", "mg/L", BASICS, "In the wine itself."),
    "proline": ("Proline", "mg/L", BASICS, "The amino acid that grapes have most of."),
    "total_phenols": ("Total phenols", "g/L", PHENOLS, "Tannins, colours and what is like them, all together."),
    "flavanoids": ("Flavonoids", "g/L", PHENOLS, "The largest family of phenols in red wine."),
    "nonflavanoid_phenols": ("Other phenols", "g/L", PHENOLS, "Phenols that are not flavonoids."),
    "proanthocyanins": ("Proanthocyanidins", "g/L", PHENOLS, "Condensed tannins, from skins and seeds."),
    "color_intensity": ("Colour intensity", "", COLOUR, "The sum of absorbances at 420 and 520 nm: how dark the wine is."),
    "hue": ("Hue", "", COLOUR, "Absorbance at 420 nm by that at 520 nm: higher is browner, lower redder."),
    "od280/od315_of_diluted_wines": ("OD280/OD315", "", COLOUR, "Absorbance of the diluted wine at 280 nm by that at 315 nm."),
}
NAMES = {
    "alcohol": ["alcohol (% vol)", "酒精度", "酒精", "alcohol (% vol.)", "grado alcohólico"],
    "malic_acid": ["malicacid", "malic", "苹果酸", "ácido málico", "acido malico"],
    "ash": ["灰分", "cenizas"],
    "alcalinity_of_ash": ["alcalinity of ash", "alkalinity of ash", "alcalinity", "灰分碱度", "alcalinidad de las cenizas"],
    "magnesium": ["mg", "镁", "magnesio"],
    "proline": ["脯氨酸", "prolina"],
    "total_phenols": ["total phenols", "phenols", "总酚", "fenoles totales"],
    "flavanoids": ["flavonoids", "类黄酮", "flavonoides"],
    "nonflavanoid_phenols": ["nonflavanoid phenols", "nonflavonoid phenols", "非类黄酮酚", "fenoles no flavonoides"],
    "proanthocyanins": ["proanthocyanidins", "原花青素", "proantocianidinas"],
    "color_intensity": ["color intensity", "colour intensity", "颜色强度", "色度", "intensidad de color", "intensidad colorante"],
    "hue": ["色调", "tonalidad", "matiz"],
    "od280/od315_of_diluted_wines": ["od280/od315 of diluted wines", "od280", "od280/od315", "稀释酒样 od280/od315"],
}
CLASSES = {"barbera": "Barbera", "barolo": "Barolo", "grignolino": "Grignolino"}

TITLE = "Which wine of Piedmont?"
OUTCOME = "the kind of wine"
WORDS = {"app.lede": "From thirteen numbers of its chemical analysis, which of three wines of Piedmont it is most like."}

NOTICE = "A demonstration on 177 wines of the 1970s. It proves the origin of no bottle."
INTENDED_USE = [
    "Showing that a model of scikit-learn with several classes answers on the reader's own device, exactly as its trainer would.",
    "Teaching: a data set that many know, on which nearly everything works.",
]
OUT_OF_SCOPE = [
    "Proving what is in a bottle, or whether it is worth its price.",
    "Other wines than these three, other places and other years: to the model every wine is one of the three.",
]
POPULATION = (
    "178 red wines of Piedmont in Italy, of the vintages from 1970 to 1979: 59 of Barolo, 71 of Grignolino and 48 of Barbera. One wine, which the example shows, was "
    "held out of training."
)
SOURCE = (
    "M. Forina and others, “Multivariate data analysis as a discriminating method of the origin of wines” (Vitis, 1986); UCI repository (CC BY 4.0); as scikit-learn "
    "ships it (load_wine)"
)
FAULTS = (
    "Thirteen of the some thirty measurements of the study. The data state no units: those shown are the usual ones, which fit the numbers. The classes have numbers there; the "
    "names are those of the study, by their counts."
)
PROCEDURE = (
    "In cross-validation: {folds} parts, {repeats} times, with the same shares of the three wines in each. Each wine was judged by models that had not seen it. The figures "
    "are means over the {parts} parts, with their standard deviation. Four recipes were tried; their accuracies differed by less than half a percentage point."
)
MEASURES = ["Measure", "This model", "Logistic regression"]
ACCURACY = "Share that is named rightly"
LOG_LOSS = "Log loss (less is better)"
GAPS = "Share that is named rightly with four of the thirteen values missing"
GROUPS_CAPTION = "What each wine was taken for"
GROUPS = ["Wine", "Wines"]
LIMITS = [
    "A logistic regression on the same values is better: the three wines are told apart by straight lines.",
    "Its probabilities are those of 177 wines. One that is none of the three gets high ones, too.",
    "Values may be missing, but no wine in training lacked any: the model then goes the way that most of its wines went, and is right less often.",
    "The wines of a class may come from few makers and years; how well it does on other ones has not been checked.",
    "How sure it is comes from models of the same training that saw nine tenths of the wines: the model itself saw them all.",
]
JUDGED = (
    "Cross-validation of the same training, in {folds} parts: each of the {rows} wines was judged by a model that had not seen it. The model itself saw them all."
)
LICENCE = "MIT OR Apache-2.0 (model, scripts and this card)"
