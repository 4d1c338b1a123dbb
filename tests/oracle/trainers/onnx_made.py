"""Tree ensembles made by hand: every mode, transform, aggregate and rule of the operators that exporters may use or not."""

import numpy
from onnx import TensorProto, helper, numpy_helper

MODES = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER")
# What the nodes of a model ask: each mode alone, those that compare, all that a classic operator has, and categories.
PROFILES = [(mode,) for mode in MODES[:6]] + [MODES[:4], MODES[:6], ("categories",), ("BRANCH_MEMBER",)]
FLOATS = {TensorProto.FLOAT: numpy.float32, TensorProto.DOUBLE: numpy.float64}
WHOLES = {TensorProto.INT64: numpy.int64, TensorProto.INT32: numpy.int32}


class Drawn:
    """What is drawn for one model."""

    def __init__(self, random, index):
        self.kind = ("regressor", "classifier", "classifier", "ensemble")[index % 4]
        profiles = PROFILES if self.kind == "ensemble" else PROFILES[:-1]
        self.profile = profiles[int(random.integers(len(profiles)))]
        elements = [TensorProto.FLOAT, TensorProto.FLOAT, TensorProto.DOUBLE]
        if self.kind == "classifier":
            elements += list(WHOLES)
        self.element = elements[int(random.integers(len(elements)))]
        self.version = 5 if self.kind == "ensemble" else int(random.choice([1, 3]))
        self.targets = int(random.choice([1, 1, 3, 5] if self.kind != "classifier" else [2, 2, 2, 3, 6]))
        self.missing = str(random.choice(["none", "none", "some", "all", "few"]))
        self.layout = "all" if self.targets == 1 else str(random.choice(["all", "one a tree", "some"]))
        self.base = str(random.choice(["none", "one for each"]))
        self.transform, self.aggregate, self.sides = "NONE", "SUM", None
        if self.kind == "ensemble":
            self.base = "none"
            self.layout = "one a leaf"
        elif self.kind == "classifier":
            self.transform = str(random.choice(["NONE", "LOGISTIC", "SOFTMAX"]))
            if self.targets == 2:
                # Which of the two classes have votes decides how onnxruntime answers.
                self.sides = str(random.choice(["first", "first", "second", "both"]))
                self.base = str(random.choice(["none", "one"])) if self.sides != "second" else "none"
                if self.sides != "both" and self.transform == "SOFTMAX":
                    self.transform = "LOGISTIC"
                self.layout = "all"
        elif self.targets > 1:
            self.transform = str(random.choice(["NONE", "NONE", "LOGISTIC", "SOFTMAX"]))
        if self.kind != "classifier" and random.random() < 0.3:
            self.aggregate, self.base = "AVERAGE", "none"
        if self.base == "one for each" and self.layout == "some" and self.kind == "regressor":
            self.layout = "all"
        self.trees = int(random.choice([1, 2, 7, 30, 100]))
        if self.kind == "regressor" and self.layout == "one a tree" and self.trees < self.targets:
            # A target without votes has no base value either.
            self.base = "none"
        self.depth = int(random.choice([1, 3, 4, 6]))
        self.positive = random.random() < 0.3
        self.texts = random.random() < 0.4
        self.as_tensor = self.version == 3 and random.random() < 0.4
        self.shuffled = random.random() < 0.3

    def words(self):
        return [
            f"made {self.kind} {self.sides or self.targets}",
            f"ml {self.version}, {TensorProto.DataType.Name(self.element)}",
            "modes: " + " ".join(self.profile),
            f"missing: {self.missing}",
            f"votes: {self.layout}, base: {self.base}",
            f"{self.aggregate} {self.transform}",
        ]


class Leaf:
    def __init__(self, votes):
        self.votes = votes


class Branch:
    def __init__(self, feature, mode, value, missing, on_true, on_false):
        self.feature, self.mode, self.value, self.missing = feature, mode, value, missing
        self.on_true, self.on_false = on_true, on_false


def weight(random, drawn):
    made = float(numpy.float32(random.normal() * random.choice([0.01, 1, 1, 50])))
    if drawn.element == TensorProto.DOUBLE and (drawn.as_tensor or drawn.kind == "ensemble"):
        made = float(random.normal())
    made = abs(made) if drawn.positive else made
    return float(random.choice([made] * 20 + [0.0, -0.0 if not drawn.positive else 0.0, 1e-30]))


def leaf(random, drawn, tree):
    if drawn.layout == "one a leaf":
        targets = [int(random.integers(drawn.targets))]
    elif drawn.sides is not None:
        targets = {"first": [0], "second": [1], "both": [0, 1]}[drawn.sides]
    elif drawn.layout == "all":
        targets = list(range(drawn.targets))
    elif drawn.layout == "one a tree":
        targets = [tree % drawn.targets]
    else:
        targets = sorted(random.choice(drawn.targets, size=int(random.integers(1, drawn.targets + 1)), replace=False))
    return Leaf({int(target): weight(random, drawn) for target in targets})


def threshold(random, drawn, values):
    """A number that values are compared with: one of them, or one between."""
    value = float(random.choice(values))
    if random.random() < 0.4:
        value = (value + float(random.choice(values))) / 2
    if random.random() < 0.05:
        value = float(random.choice([0.0, -0.0, 3e38, -3e38, 1e-40]))
    return value if drawn.element == TensorProto.DOUBLE and random.random() < 0.7 else float(numpy.float32(value))


def grow(random, drawn, data, tree, depth):
    if depth == 0 or random.random() < 0.1:
        return leaf(random, drawn, tree)
    feature = int(random.integers(data.shape[1]))
    column = data[:, feature]
    column = column[~numpy.isnan(column)]
    missing = {"none": False, "all": True, "some": random.random() < 0.5, "few": random.random() < 0.1}[drawn.missing]
    mode = str(random.choice(drawn.profile))
    inner = [grow(random, drawn, data, tree, depth - 1) for _ in range(2)]
    if mode == "categories":
        # As LightGBM's exporter writes a set: a branch for each member, all leading to one node.
        node = inner[1]
        for member in random.choice(numpy.unique(column), size=int(random.integers(1, 9))):
            node = Branch(feature, "BRANCH_EQ", float(numpy.float32(member)), missing, inner[0], node)
        return node
    if mode == "BRANCH_MEMBER":
        members = [float(member) for member in random.choice(31, size=int(random.integers(1, 12)), replace=False)]
        return Branch(feature, mode, members, missing, *inner)
    if mode in ("BRANCH_EQ", "BRANCH_NEQ"):
        return Branch(feature, mode, float(numpy.float32(random.choice(column))), missing, *inner)
    return Branch(feature, mode, threshold(random, drawn, column), missing, *inner)


def listed(random, drawn, root):
    """The nodes of a tree, its root first, and the place of each."""
    nodes, places, left = [], {}, [root]
    while left:
        node = left.pop()
        if id(node) in places:
            continue
        places[id(node)] = len(nodes)
        nodes.append(node)
        if isinstance(node, Branch):
            left += [node.on_false, node.on_true]
    if drawn.shuffled:
        order = [0] + [1 + int(place) for place in random.permutation(len(nodes) - 1)]
        nodes = [nodes[place] for place in order]
        places = {id(node): place for place, node in enumerate(nodes)}
    return nodes, places


def classic(random, drawn, trees):
    """The attributes of the operators before ai.onnx.ml 5."""
    names = ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true")
    lists = {"nodes_" + name: [] for name in names}
    prefix = "class" if drawn.kind == "classifier" else "target"
    votes = {f"{prefix}_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")}
    for tree, root in enumerate(trees):
        nodes, places = listed(random, drawn, root)
        for place, node in enumerate(nodes):
            is_leaf = isinstance(node, Leaf)
            row = [tree, place] + ([0, "LEAF", 0.0, 0, 0, 0] if is_leaf else
                   [node.feature, node.mode, node.value, places[id(node.on_true)], places[id(node.on_false)], int(node.missing)])
            for name, value in zip(names, row):
                lists["nodes_" + name].append(value)
            for target, value in node.votes.items() if is_leaf else ():
                for name, value in zip(votes, (tree, place, target, value)):
                    votes[name].append(value)
    if drawn.missing == "none" and random.random() < 0.5:
        del lists["nodes_missing_value_tracks_true"]
    made = {**lists, **votes, "post_transform": drawn.transform}
    if drawn.base == "one for each":
        made["base_values"] = [float(numpy.float32(random.normal())) for _ in range(drawn.targets)]
    elif drawn.base == "one":
        made["base_values"] = [float(numpy.float32(random.normal()))]
    if drawn.as_tensor:
        of_type = FLOATS.get(drawn.element, numpy.float32)
        for name in ("nodes_values", f"{prefix}_weights", "base_values"):
            if name in made:
                made[name + "_as_tensor"] = numpy_helper.from_array(numpy.array(made.pop(name), of_type))
    if drawn.kind == "classifier":
        if drawn.texts:
            made["classlabels_strings"] = [f"Größe {place}" if place else "no" for place in range(drawn.targets)]
        else:
            made["classlabels_int64s"] = [int(random.integers(-3, 3)) + 10 * place for place in range(drawn.targets)]
    else:
        made.update(n_targets=drawn.targets, aggregate_function=drawn.aggregate)
        if drawn.version == 1 and drawn.aggregate == "SUM":
            del made["aggregate_function"]
    return made


def unified(random, drawn, trees):
    """The attributes of TreeEnsemble."""
    branches, leaves, roots, members = [], [], [], []
    for root in trees:
        nodes, _ = listed(random, drawn, root)
        if isinstance(root, Leaf):
            # Both ways of a branch lead to it.
            nodes = [Branch(0, "BRANCH_LEQ", 0.0, False, root, root)] + nodes
        places = {}
        for node in nodes:
            places[id(node)] = (len(leaves), 1) if isinstance(node, Leaf) else (len(branches), 0)
            (leaves if isinstance(node, Leaf) else branches).append((node, places))
        roots.append(places[id(nodes[0])][0])
    of_type = FLOATS[drawn.element]
    made = {
        "nodes_truenodeids": [places[id(node.on_true)][0] for node, places in branches],
        "nodes_trueleafs": [places[id(node.on_true)][1] for node, places in branches],
        "nodes_falsenodeids": [places[id(node.on_false)][0] for node, places in branches],
        "nodes_falseleafs": [places[id(node.on_false)][1] for node, places in branches],
        "nodes_featureids": [node.feature for node, _ in branches],
        "nodes_missing_value_tracks_true": [int(node.missing) for node, _ in branches],
        "leaf_targetids": [next(iter(node.votes)) for node, _ in leaves],
        "tree_roots": roots,
        "n_targets": drawn.targets,
        "aggregate_function": int(drawn.aggregate == "SUM"),
        "post_transform": 0,
    }
    splits = [0.0 if node.mode == "BRANCH_MEMBER" else node.value for node, _ in branches]
    for node, _ in branches:
        if node.mode == "BRANCH_MEMBER":
            members += node.value + [float("nan")]
    made["nodes_splits"] = numpy_helper.from_array(numpy.array(splits, of_type))
    made["nodes_modes"] = numpy_helper.from_array(numpy.array([MODES.index(node.mode) for node, _ in branches], numpy.uint8))
    made["leaf_weights"] = numpy_helper.from_array(numpy.array([next(iter(node.votes.values())) for node, _ in leaves], of_type))
    if members:
        made["membership_values"] = numpy_helper.from_array(numpy.array(members, of_type))
    return made


def made(random, index, columns_of):
    """A model, its training data and what it is, in words."""
    drawn = Drawn(random, index)
    data = columns_of(random, int(random.choice([1, 4, 9])))
    if "categories" in drawn.profile or "BRANCH_MEMBER" in drawn.profile or drawn.element in WHOLES:
        data = numpy.abs(numpy.round(data)) % 40
    if "BRANCH_EQ" in drawn.profile and len(drawn.profile) > 1:
        drawn.depth = min(drawn.depth, 4)
    if drawn.element == TensorProto.DOUBLE and drawn.profile[0] in ("categories", "BRANCH_MEMBER"):
        # There sets become ranges, and all behind them is there often.
        drawn.depth = min(drawn.depth, 2)
    if drawn.kind == "ensemble" and "categories" in drawn.profile:
        # There nodes have one parent.
        drawn.profile = ("BRANCH_MEMBER",)
    trees = [grow(random, drawn, data, tree, drawn.depth) for tree in range(drawn.trees)]
    # To a leaf before chains of BRANCH_EQ onnxruntime 1.32 adds other leaves' votes.
    while isinstance(trees[0], Leaf) and {"BRANCH_EQ", "BRANCH_MEMBER", "categories"} & set(drawn.profile):
        trees[0] = grow(random, drawn, data, 0, drawn.depth)
    if drawn.sides == "both":
        # What holds for a row without a vote for the second class is another rule.
        assert all(set(leaf.votes) == {0, 1} for tree in trees for leaf in listed(random, drawn, tree)[0] if isinstance(leaf, Leaf))
    operator = {"regressor": "TreeEnsembleRegressor", "classifier": "TreeEnsembleClassifier", "ensemble": "TreeEnsemble"}[drawn.kind]
    attributes = (unified if drawn.kind == "ensemble" else classic)(random, drawn, trees)
    outputs = ["label", "scores"] if drawn.kind == "classifier" else ["scores"]
    node = helper.make_node(operator, ["input"], outputs, domain="ai.onnx.ml", **attributes)
    element = drawn.element if drawn.kind == "ensemble" else TensorProto.FLOAT
    ports = [helper.make_tensor_value_info("scores", element, None)]
    if drawn.kind == "classifier":
        ports.insert(0, helper.make_tensor_value_info("label", TensorProto.STRING if drawn.texts else TensorProto.INT64, None))
    # A file may leave the width open, if the trees say it.
    needed = 1 + max([node.feature for tree in trees for node in listed(random, drawn, tree)[0] if isinstance(node, Branch)], default=0)
    width = data.shape[1] if random.random() < 0.8 or needed < data.shape[1] else None
    graph = helper.make_graph([node], "made", [helper.make_tensor_value_info("input", drawn.element, [None, width])], ports)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", drawn.version)]
    model = helper.make_model(graph, opset_imports=opsets)
    model.ir_version = 9
    return model, data, drawn.words()
