/** What to paste elsewhere: for the package that is taken away, and the command that makes the same. */
import { cellsOf } from "../../person/cells.js";

/** A word for a shell, quoted where it has to be. */
const word = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The first row's values as JavaScript has them, by name. */
function rowOf({ case: said, page }) {
  const cells = cellsOf(said.example ?? "");
  const features = said.features.slice(0, 4).map(({ name }, index) => {
    const number = Number(cells[index]);
    const value = cells[index] === undefined || cells[index] === "" ? "null" : Number.isNaN(number) ? JSON.stringify(cells[index]) : cells[index];
    return `${/^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : JSON.stringify(name)}: ${value}`;
  });
  const more = page.features.length > 4 ? ", …" : "";
  return `{ ${features.join(", ")}${more} }`;
}

/** What is said of how rows are read. */
const readingOf = ({ options: { sheet, header, decimal, columns = [] } = {} } = {}) => [
  ...(sheet === undefined ? [] : ["--sheet", sheet]),
  ...(header === undefined ? [] : ["--header", header ? "yes" : "no"]),
  ...(decimal === undefined ? [] : ["--decimal", decimal]),
  ...columns.flatMap(([feature, column]) => ["--column", `${feature}=${column}`]),
];

export function snippetsOf({ told, file, reading, rows, label, positive, group, name }) {
  const { name: packageName, version } = told.case;
  const readings = [rows.data, label === "" ? undefined : rows.heldOut].filter(Boolean).map(readingOf);
  const areAlike = readings.every((each) => String(each) === String(readings[0]));
  const options = [
    ...(reading?.categoriesFrom === undefined ? [] : ["--categories-from", reading.categoriesFrom]),
    ...(rows.data ? ["--data", rows.data.file.name] : []),
    ...(rows.heldOut && label !== "" ? ["--held-out", rows.heldOut.file.name, ...(group === "" ? [] : ["--group", group])] : []),
    ...((rows.data || rows.heldOut) && label !== "" ? ["--label", label] : []),
    ...((rows.data || rows.heldOut) && label !== "" && positive !== "" ? ["--positive", positive] : []),
    ...(readings[0] ?? []),
    ...(rows.predictions ? ["--predictions", rows.predictions.file.name] : []),
  ];
  return {
    javascript: [`npm install ./${name}-${version}.tgz`, "", `import { predict } from ${JSON.stringify(packageName)};`, `predict(${rowOf(told)});`].join("\n"),
    command: [
      `# ${word(name)}/ has case.json and ${word(file.name)}`,
      ...(areAlike ? [] : ["# the command reads both files of rows in one way, that of --data: give both the same names of columns"]),
      ["npx wardian seal", `${word(name)}/`, ...options.map(word), "-o", word(`${name}.html`)].join(" "),
    ].join("\n"),
  };
}
