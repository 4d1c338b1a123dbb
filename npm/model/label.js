/** The class that a prediction speaks for. `Model::label` is the same in Rust. */
const CLASS = "class (largest margin)";

/** Its name, where the model of this description names its classes. */
export function labelOf({ classes, link }, prediction) {
  if (!Array.isArray(prediction) && !ArrayBuffer.isView(prediction)) {
    return classes[link === CLASS ? prediction : Number(prediction > 0.5)];
  }
  if (prediction.length === 1) {
    return labelOf({ classes, link }, prediction[0]);
  }
  if (prediction.length === classes.length) {
    return classes[prediction.reduce((best, value, index) => (value > prediction[best] ? index : best), 0)];
  }
}
