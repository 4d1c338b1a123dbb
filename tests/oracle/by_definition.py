"""Contributions of scikit-learn's trees by their definition: Shapley's sum over all subsets of the features, of the mean that the trees have
where a subset is known and the others are not. That mean follows a row at splits on what is known, and at others takes both ways, weighted
by how much of the training data went each. Nothing here is clever, so that it can be believed.
"""

from math import factorial

import numpy

# Beyond these it takes too long.
MOST_FEATURES = 8
MOST_NODES = 4000
ROWS = 12


class Tree:
    """Arrays with an entry for each node."""

    def __init__(self, left, right, feature, threshold, missing_left, cover, values, is_wide):
        self.left, self.right, self.feature, self.threshold = left, right, feature, threshold
        # For each node what it adds to each output, if it is a leaf.
        self.missing_left, self.cover, self.values = missing_left, cover, values
        self.is_wide = is_wide

    def means(self, rows, known):
        """For each row and subset of the features, and each output, the mean of the tree; `known[feature]` says which subsets have it."""
        return self.mean(0, rows, known)

    def mean(self, node, rows, known):
        left, right = self.left[node], self.right[node]
        if left < 0:
            return numpy.broadcast_to(self.values[node], (len(rows), known.shape[1], self.values.shape[1]))
        feature = self.feature[node]
        values = rows[:, feature] if self.is_wide else rows[:, feature].astype(numpy.float32).astype(float)
        goes_left = numpy.where(numpy.isnan(values), self.missing_left[node], values <= self.threshold[node])
        lefts, rights = self.mean(left, rows, known), self.mean(right, rows, known)
        followed = numpy.where(goes_left[:, None, None].astype(bool), lefts, rights)
        # Where none of the training data went, both ways count the same.
        both = self.cover[left] + self.cover[right]
        share = self.cover[left] / both if both > 0 else 0.5
        return numpy.where(known[feature][None, :, None], followed, share * lefts + (1 - share) * rights)


def of_tree(tree, values):
    missing = tree.missing_go_to_left if hasattr(tree, "missing_go_to_left") else numpy.zeros(tree.node_count)
    return Tree(tree.children_left, tree.children_right, tree.feature, tree.threshold, missing, tree.weighted_n_node_samples, values, False)


def of_histogram(nodes, output, outputs):
    values = numpy.zeros((len(nodes), outputs))
    values[:, output] = nodes["value"]
    left = numpy.where(nodes["is_leaf"], -1, nodes["left"].astype(int))
    return Tree(left, nodes["right"].astype(int), nodes["feature_idx"], nodes["num_threshold"], nodes["missing_go_to_left"], nodes["count"].astype(float), values, True)


def answers_of(tree, classifies, is_binary):
    """What each node of a tree or of a forest's tree answers, for each output."""
    if not classifies:
        return tree.value[:, :, 0]
    shares = tree.value[:, 0, :] / tree.value[:, 0, :].sum(axis=1, keepdims=True)
    return shares[:, 1:] if is_binary else shares


def trees_of(estimator, rows, outputs, is_binary):
    """The trees, and for each row what is added to them."""
    base = numpy.zeros((len(rows), outputs))
    if hasattr(estimator, "_predictors"):
        trees = [of_histogram(tree.nodes, output, outputs) for step in estimator._predictors for output, tree in enumerate(step)]
        return trees, base + numpy.ravel(estimator._baseline_prediction)
    classifies = hasattr(estimator, "classes_")
    if hasattr(estimator, "learning_rate"):
        made = []
        for step in estimator.estimators_:
            for output, tree in enumerate(step):
                values = numpy.zeros((tree.tree_.node_count, outputs))
                values[:, output] = estimator.learning_rate * tree.tree_.value[:, 0, 0]
                made.append(of_tree(tree.tree_, values))
        return made, estimator._raw_predict_init(rows.astype(numpy.float32)).reshape(len(rows), outputs)
    members = [estimator] if hasattr(estimator, "tree_") else estimator.estimators_
    return [of_tree(member.tree_, answers_of(member.tree_, classifies, is_binary)) for member in members], base


def contributions(estimator, rows, outputs, is_binary):
    """As `of_trees`, of an estimator's trees; and whether all covers are 32-bit floats."""
    trees, base = trees_of(estimator, rows[:ROWS], outputs, is_binary)
    made = of_trees(trees, base, rows)
    if made is None:
        return None
    covers = numpy.concatenate([tree.cover[numpy.asarray(tree.left) < 0] for tree in trees] or [numpy.zeros(1)])
    return made, bool((covers == covers.astype(numpy.float32)).all())


def of_trees(trees, base, rows):
    """For each of some rows and each output what each feature adds, and the mean; `None` for what is too large. `base` is what the trees
    are added to."""
    rows = rows[:ROWS]
    columns = rows.shape[1]
    base = numpy.broadcast_to(base, (len(rows), numpy.shape(base)[-1]))
    outputs = base.shape[1]
    if columns > MOST_FEATURES or sum(len(tree.left) for tree in trees) * outputs > MOST_NODES:
        return None
    subsets = numpy.arange(1 << columns)
    known = (subsets[None, :] >> numpy.arange(columns)[:, None]) & 1 == 1
    worth = numpy.zeros((len(rows), len(subsets), outputs))
    for tree in trees:
        worth += tree.means(rows, known)
    made = numpy.zeros((len(rows), outputs, columns + 1))
    sizes = known.sum(axis=0)
    weights = numpy.array([factorial(size) * factorial(columns - size - 1) / factorial(columns) for size in range(columns)])
    for feature in range(columns):
        without = subsets[~known[feature]]
        gained = worth[:, without | 1 << feature, :] - worth[:, without, :]
        made[:, :, feature] = numpy.einsum("rso,s->ro", gained, weights[sizes[without]])
    made[:, :, columns] = base + worth[:, 0, :]
    return made
