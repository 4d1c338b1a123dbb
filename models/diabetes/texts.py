"""What the model card says in words. Figures are not written here: they come from training."""

NOTICE = (
    "A demonstration, not a medical device. It has not been tested on patients, no authority has approved it, and no "
    "decision about anybody's health may rest on it."
)
INTENDED_USE = [
    "Showing that a trained model can answer on the reader's own device, exactly as its trainer would.",
    "Teaching and research: what such a model knows, how sure it is, and where it fails.",
]
OUT_OF_SCOPE = [
    "Diagnosis, screening, treatment, insurance, or any other decision about a person.",
    "Men, women under 21, and people of other descent or other times than the study's: nothing is known of how well "
    "it does for them.",
    "Women who have diabetes already: the study left them out.",
]
POPULATION = (
    "Women of 21 and older, of Pima (Akimel O'odham) heritage, near Phoenix, Arizona, who took part in a long study "
    "of diabetes that began in 1965. Diabetes was far more frequent among them than almost anywhere else."
)
OUTCOME_DEFINITION = (
    "Diabetes by the criteria of the World Health Organization of that time (200 mg/dL or more of glucose in blood "
    "plasma, two hours into a glucose tolerance test, at an examination of the study or in routine care), found "
    "between one and five years after the measurements. A woman without it had a normal test five or more years later."
)
SOURCE = (
    "National Institute of Diabetes and Digestive and Kidney Diseases, by way of the UCI repository (donor V. "
    "Sigillito, 1990); taken from Debian's r-cran-mlbench 2.1-3"
)
LICENCE = "MIT OR Apache-2.0 (model, scripts and this card)"
FAULTS = [
    "Zero stands for “not measured” in five columns. Here these zeros are missing values; a model trained on them as "
    "numbers learns from blood pressures of 0.",
    "Insulin is missing in about half of the rows and the skin fold in a third, and not by chance: where the skin "
    "fold is missing, insulin is too.",
    "768 women are few. Every figure below has an uncertainty that is larger than most differences between methods.",
    "One examination of each woman was chosen, knowing what came later, and those less than a year before a "
    "diagnosis were left out: the share of positive women is not a rate in any population.",
    "The diabetes pedigree function is the study's own. It needs a family history as the study took it.",
    "Published figures much above an AUC of 0.86 on these data come from leakage: missing values filled in by "
    "outcome, before the data were split.",
]
CHOICE = (
    "depth {depths} and {low} to {high} trees, by {folds}-fold cross-validation: the fewest splits whose log loss is "
    "within one standard error of the best"
)
PROCEDURE = (
    "Stratified {folds}-fold cross-validation, repeated {repeats} times. In each training part the recipe is chosen "
    "anew by {inner}-fold cross-validation. Scores are mean and standard deviation over the {parts} test parts; "
    "calibration slope and intercept are of all out-of-fold predictions, with 95 % intervals by resampling women."
)
CALIBRATION_SENTENCE = (
    "Of about {women} women of the study to whom such a model, not having seen them, gave {from} to {to}, "
    "{observed_rate} tested positive (95 % interval {low} to {high})."
)
CALIBRATION_NOTE = (
    "Ten bins of equally many out-of-fold predictions, from “from” up to but not including “to”. Each woman is "
    "predicted once in each repetition; “women” is the average number of them in a bin. Intervals are Wilson's for so "
    "many women."
)
GROUPS_NOTE = (
    "Out-of-fold predictions. AUC: mean over the repetitions, 95 % interval by resampling women. Observed rate: 95 % "
    "interval by Wilson. The predictors and the outcome were recorded for one sex and one people, so no other groups "
    "can be compared."
)
INTERVAL_SENTENCE = (
    "For nine women in ten, a model trained in the same way on as many other women of this study answers within a "
    "range like this one: here, between {low} and {high}."
)
INTERVAL_CLAIM = (
    "A model of the same recipe, trained on another sample of as many women of the same study, answers a probability "
    "within this interval for 90 % of women whom neither model has seen."
)
INTERVAL_CAUTION = (
    "It tells how much the answer owes to which women happened to be in the study. It does not tell between what "
    "bounds her own risk lies, and it knows nothing of other people, other places or other times."
)
INTERVAL_METHOD = (
    "Bootstrap: models are trained on resamples of the women, with other random seeds, and every two of them are "
    "compared on the women whom neither has seen. In eight bins of the first one's margin, the 5 % and 95 % quantiles "
    "of how much the second one's margin is larger. Depth and number of trees are held fixed; were they chosen anew "
    "each time, coverage would be somewhat lower."
)
INTERVAL_TEST = (
    "A tenth of the women is held out; the others are cut into two halves that share no woman. One half gives a model "
    "and its table of the interval, the other half gives another model; counted is how often the other's answers for "
    "the women held out lie within the first one's intervals. So the claim is tested with models of half the size: "
    "for the shipped model there are no other women left. Pairs of models use the same women again and again, so the "
    "standard error, over pairs, is itself somewhat too small."
)
INTERVAL_RULE = (
    "With prediction p, let m = ln(p / (1 - p)). For each of “lower” and “upper”, the offset d is interpolated "
    "linearly in m between the two “margins” around it; before the first and after the last it is theirs. The end of "
    "the interval is 1 / (1 + exp(-(m + d)))."
)
MANY_MISSING_RULE = (
    "Warn if more values of a row are missing than “usual”: at least 95 % of the training rows lacked at most so "
    "many, and none lacked more than “most”."
)
MANY_MISSING = "{{count}} of {features} values are not measured; 95 % of the women in training lacked at most {usual}"
LIMITS = [
    "It knows the women of one study, measured decades ago. Nothing has been checked on anyone else.",
    "Trees are no better here than a logistic regression on the same eight values.",
    "At the cut of 0.5 it misses more than four in ten of the women who went on to test positive.",
    "It tells older women apart less well than younger ones, and women with two missing values less well than those "
    "with none.",
    "Four missing values were seen in seven women only; there the interval is too narrow.",
    "A prediction between 25 % and 75 % leaves the matter open: there the class is right little more often than a "
    "coin.",
]
ETHICS = [
    "The data are of Indigenous women who took part in medical research. They are used here far from what they were "
    "gathered for, as in most of machine learning (Radin, 2017). No patient, clinician or member of the community "
    "took part in making this model.",
    "No approval was sought for this secondary use of public data without names. The study's own approvals are in "
    "its papers.",
    "A risk shown to a person can frighten or soothe wrongly. A page that shows it must show this card's notice too.",
    "Nothing that a person enters leaves the device.",
]
REFERENCES = [
    "Smith, Everhart, Dickson, Knowler, Johannes: Using the ADAP learning algorithm to forecast the onset of "
    "diabetes mellitus. Proceedings of the Symposium on Computer Applications and Medical Care, 1988, 261–265.",
    "Mitchell et al.: Model cards for model reporting. FAT* 2019. doi:10.1145/3287560.3287596",
    "Collins et al.: TRIPOD+AI statement: updated guidance for reporting clinical prediction models that use "
    "regression or machine learning methods. BMJ 2024;385:e078378. doi:10.1136/bmj-2023-078378",
    "Radin: “Digital natives”: how medical and Indigenous histories matter for big data. Osiris 32, 2017, 43–64.",
]
