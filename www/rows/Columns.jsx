import { optionsOf } from "wardian/rows.js";
import { usePage } from "../app/context.js";
import { list, useLanguage } from "../i18n/index.js";
import { unitsOf } from "../person/entries.js";
import { labelOf, unitText } from "../person/words.js";
import { Form } from "./Form.jsx";
import { Plan } from "./Plan.jsx";
import { Sheets } from "./Sheets.jsx";

const SHOWN_ROWS = 5;
/** A table of a thousand columns is shown by its first, and by those that mean something. */
const SHOWN_COLUMNS = 24;

/** The first rows, what each column is taken for, what is doubtful, and what is to be done with the file. */
export function Columns({ state: { file, planned: { plan, first, kind }, options, sheet, sheets, reasons, cancelled, isPlanning = false }, say, chooseSheet, choose, setReasons, score }) {
  const { t, has } = useLanguage();
  const { features, page } = usePage();
  const { names, columns, doubts } = plan;
  const featureOf = (index) => columns.findIndex(({ column }) => column === index);
  const shown = names.map((_, index) => index).filter((index) => index < SHOWN_COLUMNS || featureOf(index) !== -1);
  const hidden = names.length - shown.length;
  const absent = features.filter((_, index) => columns[index].column === undefined);
  const needed = absent.filter(({ mayBeMissing }) => !mayBeMissing);
  const none = absent.length === features.length;
  const labels = (wanted) => list(wanted.map((feature) => labelOf(feature)));
  const nameOf = (index) => names[index] || t("rows.columns.number", { number: index + 1 });
  const converted = columns.flatMap(({ unit }, index) => (unit === undefined ? [] : [{ name: labelOf(features[index]), unit: unitText(features[index], unit), own: unitText(features[index], features[index].unit) }]));
  // Where nothing is known yet it is said once.
  const doubted = [...new Set(doubts.map(({ code }) => code))].filter((code) => !(none && code === "absent"));

  /** Column `index` is feature `chosen`'s from now on, or nobody's. */
  function assign(index, chosen) {
    const column = { ...options.column };
    const before = featureOf(index);
    if (before !== -1) {
      column[features[before].name] = undefined;
    }
    if (chosen !== "") {
      column[chosen] = `#${index + 1}`;
    }
    say({ ...options, column });
  }

  return (
    <section class="card" aria-labelledby="columns-title">
      <h2 id="columns-title">{t("rows.columns.title")}</h2>
      {cancelled && <p class="message" id="rows-cancelled">{t("rows.cancelled")}</p>}
      <p class="help">{t("rows.columns.help")}</p>
      {doubted.length > 0 && (
        <div class="doubts" role="alert" id="rows-doubts">
          <p>{t("rows.doubts")}</p>
          <ul>
            {doubted.map((code) => (
              <li key={code}>{has(`rows.doubt.${code}`) ? t(`rows.doubt.${code}`, { names: labels(absent) }) : doubts.find((doubt) => doubt.code === code).message}</li>
            ))}
          </ul>
          <div class="actions">
            {doubted.includes("by_order") && names.length >= features.length && (
              <button type="button" id="rows-in-order" onClick={() => say({ ...options, column: inOrder(features) })}>{t("rows.doubts.order", { names: labels(features) })}</button>
            )}
            <button type="button" id="rows-confirm" disabled={none} onClick={() => say(optionsOf(plan, features))}>{t("rows.doubts.confirm")}</button>
          </div>
        </div>
      )}
      {sheets.length > 1 && <Sheets sheets={sheets} sheet={sheet} choose={chooseSheet} />}
      {kind !== "json-lines" && <label class="check">
        <input type="checkbox" id="rows-header" checked={options.header ?? plan.header} onChange={({ target }) => say({ ...options, header: target.checked, column: {}, unit: {} })} />
        {t("rows.columns.header")}
      </label>}
      <div class="wide-scroll" tabIndex={0} role="region" aria-label={t("rows.columns.preview")}>
        <table class="preview">
          <thead>
            {plan.header && <tr>{shown.map((index) => <th key={index} scope="col">{names[index]}</th>)}</tr>}
            <tr>
              {shown.map((index) => (
                <td key={index} class={featureOf(index) === -1 ? "" : "taken"}>
                  <select
                    aria-label={t("rows.columns.taken", { name: nameOf(index) })}
                    value={features[featureOf(index)]?.name ?? ""}
                    onChange={({ target }) => assign(index, target.value)}
                  >
                    <option value="">{t("rows.columns.kept")}</option>
                    {features.map((feature) => <option key={feature.name} value={feature.name}>{labelOf(feature)}</option>)}
                  </select>
                  <Unit feature={features[featureOf(index)]} unit={columns[featureOf(index)]?.unit} say={(unit) => say({ ...options, unit: { ...options.unit, ...unit } })} />
                </td>
              ))}
            </tr>
          </thead>
          <tbody>
            {first.slice(0, SHOWN_ROWS).map((cells, row) => (
              <tr key={row}>{shown.map((index) => <td key={index}>{cells[index]}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && <p class="help">{t("rows.columns.more", { count: hidden })}</p>}
      {converted.map((values) => <p class="message" key={values.name}>{t("rows.columns.converted", values)}</p>)}
      {none && <p class="message" id="rows-none">{t("rows.columns.none")}</p>}
      {!none && absent.length > 0 && <p class="message" id="rows-absent">{t("rows.columns.absent", { names: labels(absent) })}</p>}
      {!none && needed.length > 0 && <p class="message">{t("rows.columns.needed", { names: labels(needed) })}</p>}
      <Form plan={plan} kind={kind} options={options} say={say} isOpen={doubted.some((code) => ["header", "decimal", "encoding"].includes(code))} />
      {page.kind !== "targets" && <label class="check">
        <input type="checkbox" id="rows-reasons" checked={reasons} onChange={({ target }) => setReasons(target.checked)} />
        <span>{t("rows.reasons")} <span class="help">{t("rows.reasons.help")}</span></span>
      </label>}
      <div class="actions">
        <button type="button" class="primary" id="rows-score" disabled={none || doubts.length > 0 || isPlanning} onClick={score}>{t("rows.score")}</button>
      </div>
      <Plan plan={plan} name={file.name} disabled={none || doubts.length > 0 || isPlanning} choose={choose} />
    </section>
  );
}

/** The first columns are the features, in the model's order. */
const inOrder = (features) => Object.fromEntries(features.map(({ name }, index) => [name, `#${index + 1}`]));

/** The unit of a feature's column, where it may be in several. */
function Unit({ feature, unit, say }) {
  const { t } = useLanguage();
  const known = feature === undefined ? [] : unitsOf(feature);
  const units = unit === undefined || known.includes(unit) ? known : [...known, unit];
  return units.length < 2 ? null : (
    <select class="unit" aria-label={t("rows.columns.unit", { name: labelOf(feature) })} value={unit ?? feature.unit} onChange={({ target }) => say({ [feature.name]: target.value })}>
      {units.map((each) => <option key={each} value={each}>{unitText(feature, each)}</option>)}
    </select>
  );
}
