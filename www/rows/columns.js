/**
 * What the columns of a file are taken for. Names are compared without case, spaces, marks and what stands in brackets, so
 * that "Glucose (mg/dL)" and "GLUCOSE" are one.
 */

/**
 * Names that files give the shipped model's features, beside the feature's own: what the page calls them in its three
 * languages, and the columns of the copies of the data that go round (UCI, OpenML, Kaggle, R's mlbench).
 */
const ALIASES = {
  times_pregnant: ["pregnancies", "times pregnant", "pregnant", "preg", "怀孕次数", "妊娠次数", "embarazos", "número de embarazos"],
  glucose: ["glucosa", "plas", "plasma glucose", "血糖", "葡萄糖", "血糖浓度", "glucose concentration"],
  blood_pressure: ["pressure", "pres", "diastolic", "diastolic blood pressure", "血压", "舒张压", "presión arterial", "presión", "presión diastólica", "tensión arterial"],
  skin_fold_thick: ["skin fold", "skin thickness", "skin fold thickness", "skin", "triceps", "皮褶厚度", "皮褶", "皮肤厚度", "pliegue cutáneo", "pliegue"],
  serum_insulin: ["insulin", "insu", "test", "胰岛素", "血清胰岛素", "insulina", "insulina sérica"],
  mass_index: ["bmi", "body mass index", "mass", "体重指数", "体质指数", "imc", "índice de masa corporal"],
  diabetes_pedigree: ["diabetes pedigree function", "pedigree", "pedi", "pedigree function", "糖尿病家族史", "糖尿病家族史评分", "糖尿病谱系功能", "家族史评分", "糖尿病家系评分", "antecedentes de diabetes", "antecedentes familiares", "pedigrí de diabetes"],
  age: ["age years", "年龄", "edad"],
};

const MISSING = /^([+-]?nan|na|null|)$/i;
const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;

/** A name reduced to what tells it from others. */
export const plain = (name) =>
  name
    .replace(/\([^)]*\)|\[[^\]]*\]|（[^）]*）/g, "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** By reduced name, the index of the feature. */
function namesOf(features) {
  const names = new Map();
  for (const pass of [({ name }) => [name], ({ name, label }) => [label, ...(Object.hasOwn(ALIASES, name) ? ALIASES[name] : [])]]) {
    features.forEach((feature, index) => {
      for (const name of pass(feature).map(plain).filter((each) => each !== "" && !names.has(each))) {
        names.set(name, index);
      }
    });
  }
  return names;
}

const isValue = (cell) => MISSING.test(cell.trim()) || NUMBER.test(cell.trim());

/** Whether the first of these rows names the columns. */
export function hasHeader(rows, features) {
  const [first = [], second] = rows;
  const names = namesOf(features);
  if (first.some((cell) => names.has(plain(cell)))) {
    return true;
  }
  // No name that is known: a header if it has words where the next row has numbers.
  const words = first.filter((cell, index) => !isValue(cell) && (second === undefined || (isValue(second[index] ?? "x") && second[index] !== "")));
  return words.length > first.length / 2;
}

/**
 * For each feature the index of its column, or -1: by name where there is a header; else the first columns in the model's
 * order, if there are enough.
 */
export function columnsFor(rows, header, features) {
  const [first = []] = rows;
  if (!header) {
    return features.map((_, index) => (first.length >= features.length ? index : -1));
  }
  const names = namesOf(features);
  const columns = features.map(() => -1);
  // A feature's own name is sought before its aliases: a file may have both "age" and "edad".
  for (const exact of [true, false]) {
    first.forEach((cell, column) => {
      const feature = names.get(plain(cell));
      if (feature !== undefined && columns[feature] === -1 && (!exact || plain(cell) === plain(features[feature].name))) {
        columns[feature] = column;
      }
    });
  }
  return columns;
}
