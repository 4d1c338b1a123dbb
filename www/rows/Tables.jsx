import { useState } from "preact/hooks";
import { usePage } from "../app/context.js";
import { useLanguage } from "../i18n/index.js";
import { choiceText, labelOf } from "../person/words.js";
import { byKind, columnsOf } from "./answers.js";

const PAGE_ROWS = 25;

/** Columns of features beyond these are in the file. */
const MOST_COLUMNS = 24;

/** The rows that were kept: those to look at first, the first, and those with errors; a page of one of them at a time. */
export function Tables({ totals, plan, reasons }) {
  const { t, has, number } = useLanguage();
  const { page: said, description, features } = usePage();
  const kinds = ["top", "first", "errors"].filter((kind) => totals[kind].length > 0);
  const [chosen, setChosen] = useState(kinds[0]);
  const [page, setPage] = useState(0);
  if (chosen === undefined) {
    return null;
  }
  const rows = totals[chosen];
  const pages = Math.ceil(rows.length / PAGE_ROWS);
  const shown = rows.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
  const taken = features.map((feature, index) => ({ feature, column: plan.columns[index].column })).filter(({ column }) => column !== undefined).slice(0, MOST_COLUMNS);
  const answers = columnsOf(said, description);
  const titleOf = (kind, count) => (kind === "top" ? byKind("tables.top", said, { count }) : t(`rows.tables.${kind}`, { count }));
  const problem = ({ code, field, values, message }) => {
    const feature = features.find(({ name }) => name === field);
    const key = `rows.problem.${code}`;
    return has(key) ? t(key, { ...values, name: feature ? labelOf(feature) : "" }) : message;
  };
  const reasonOf = ({ index, adds }) => `${labelOf(features[index])} ${number(adds, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "always" })}`;
  const choose = (kind) => {
    setChosen(kind);
    setPage(0);
  };
  return (
    <div class="tables">
      <fieldset class="choices">
        <legend class="visually-hidden">{t("rows.tables")}</legend>
        {kinds.map((kind) => (
          <label key={kind}>
            <input type="radio" name="rows-table" value={kind} checked={kind === chosen} onChange={() => choose(kind)} />
            {titleOf(kind, totals[kind].length)}
          </label>
        ))}
      </fieldset>
      <div class="wide-scroll" tabIndex={0} role="region" aria-label={titleOf(chosen, rows.length)}>
        <table id="rows-table">
          <thead>
            <tr>
              <th scope="col" class="number">{t("rows.tables.row")}</th>
              {chosen === "errors" && <th scope="col">{t("rows.tables.problem")}</th>}
              {chosen !== "errors" && answers.map(({ heading }) => <th key={heading} scope="col" class="number" dir="auto">{heading}</th>)}
              {chosen === "first" && reasons && <th scope="col">{t("rows.tables.reasons")}</th>}
              {chosen !== "errors" && taken.map(({ feature, column }) => <th key={column} scope="col" class="number" title={plan.names[column] || undefined}>{labelOf(feature)}</th>)}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.row}>
                <td class="number">{number(row.row)}</td>
                {chosen === "errors" && <td>{problem(row)}</td>}
                {chosen !== "errors" && answers.map(({ heading, text }) => <td key={heading} class="number" dir="auto">{row.answer === undefined ? "–" : text(row.answer)}</td>)}
                {chosen === "first" && reasons && <td class="because">{row.reasons.map(reasonOf).join("; ")}</td>}
                {chosen !== "errors" && taken.map(({ feature, column }) => <td key={column} class="number" dir="auto">{choiceText(feature, row.cells[column])}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <nav class="actions pager" aria-label={t("rows.tables.pages")}>
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>{t("rows.tables.previous")}</button>
          <span class="detail">{t("rows.tables.page", { page: page + 1, pages })}</span>
          <button type="button" disabled={page === pages - 1} onClick={() => setPage(page + 1)}>{t("rows.tables.next")}</button>
        </nav>
      )}
      {chosen === "errors" && totals.errorCount > rows.length && <p class="help">{t("rows.tables.moreErrors", { count: rows.length, all: totals.errorCount })}</p>}
    </div>
  );
}
