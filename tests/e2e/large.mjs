// Models of as many bytes as are wanted: a small one's trees again and again.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** LightGBM's text. */
export function lightgbmOf(size) {
  const text = readFileSync(path.join(root, "models/petal/petal.lightgbm.txt"), "utf8");
  const [head, ...rest] = text.split(/^Tree=\d+\n/m);
  const tail = rest.at(-1).slice(rest.at(-1).indexOf("end of trees"));
  const trees = rest.map((tree) => tree.replace(tail, ""));
  const sizes = [];
  const parts = [];
  for (let index = 0, total = 0; total < size; index += 1) {
    const tree = `Tree=${index}\n${trees[index % trees.length]}`;
    parts.push(tree);
    sizes.push(tree.length);
    // Each tree's length stands in the file's head as well.
    total += tree.length + 4;
  }
  return Buffer.from([head.replace(/^tree_sizes=.*$/m, `tree_sizes=${sizes.join(" ")}`), ...parts, tail].join(""));
}

/** XGBoost's JSON. */
export function xgboostOf(size) {
  const model = JSON.parse(readFileSync(path.join(root, "models/diabetes/diabetes.json"), "utf8"));
  const { model: booster } = model.learner.gradient_booster;
  const trees = booster.trees.map((tree) => JSON.stringify(tree));
  const count = Math.ceil(size / (trees.join().length / trees.length));
  booster.trees = [];
  booster.tree_info = new Array(count).fill(0);
  booster.iteration_indptr = Array.from({ length: count + 1 }, (_, index) => index);
  booster.gbtree_model_param.num_trees = String(count);
  const attributes = model.learner.attributes;
  delete attributes.best_iteration;
  delete attributes.best_score;
  const whole = Array.from({ length: count }, (_, index) => trees[index % trees.length].replace(/"id":\d+/, `"id":${index}`));
  return Buffer.from(JSON.stringify(model).replace('"trees":[]', () => `"trees":[${whole.join()}]`));
}
