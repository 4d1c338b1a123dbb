import { usePage } from "../app/context.js";
import { list, useLanguage } from "../i18n/index.js";
import { labelOf } from "../person/words.js";
import { columnsFor } from "./columns.js";

const SHOWN_ROWS = 5;
/** A table of a thousand columns is shown by its first, and by those that mean something. */
const SHOWN_COLUMNS = 24;

const DELIMITER_NAMES = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

/** The first rows, what each column is taken for, and what is to be done with them. */
export function Columns({ state: { table, header, columns, reasons, cancelled }, change, score }) {
  const { t } = useLanguage();
  const { description: { features } } = usePage();
  const shown = table.rows[0].map((_, index) => index).filter((index) => index < SHOWN_COLUMNS || columns.includes(index));
  const hidden = table.width - shown.length;
  const names = (wanted) => list(wanted.map((feature) => labelOf(feature)));
  const absent = features.filter((_, index) => columns[index] === -1);
  const needed = absent.filter(({ mayBeMissing }) => !mayBeMissing);
  const none = absent.length === features.length;

  function assign(column, value) {
    const feature = value === "" ? -1 : Number(value);
    change({ columns: columns.map((old, index) => (index === feature ? column : old === column ? -1 : old)) });
  }

  return (
    <section class="card" aria-labelledby="columns-title">
      <h2 id="columns-title">{t("rows.columns.title")}</h2>
      {cancelled && <p class="message" id="rows-cancelled">{t("rows.cancelled")}</p>}
      <p class="help">{t(`rows.columns.delimiter.${DELIMITER_NAMES[table.delimiter]}`)} {t("rows.columns.help")}</p>
      <label class="check">
        <input
          type="checkbox"
          id="rows-header"
          checked={header}
          onChange={({ target }) => change({ header: target.checked, columns: columnsFor(table.rows, target.checked, features) })}
        />
        {t("rows.columns.header")}
      </label>
      <div class="wide-scroll" tabIndex={0} role="region" aria-label={t("rows.columns.preview")}>
        <table class="preview">
          <thead>
            {header && <tr>{shown.map((index) => <th key={index} scope="col">{table.rows[0][index]}</th>)}</tr>}
            <tr>
              {shown.map((index) => (
                <td key={index} class={columns.includes(index) ? "taken" : ""}>
                  <select
                    aria-label={t("rows.columns.taken", { name: header ? table.rows[0][index] : t("rows.columns.number", { number: index + 1 }) })}
                    value={columns.includes(index) ? String(columns.indexOf(index)) : ""}
                    onChange={({ target }) => assign(index, target.value)}
                  >
                    <option value="">{t("rows.columns.kept")}</option>
                    {features.map((feature, each) => <option key={feature.name} value={String(each)}>{labelOf(feature)}</option>)}
                  </select>
                </td>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(header ? 1 : 0, SHOWN_ROWS + (header ? 1 : 0)).map((cells, row) => (
              <tr key={row}>{shown.map((index) => <td key={index}>{cells[index]}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && <p class="help">{t("rows.columns.more", { count: hidden })}</p>}
      {none && <p class="message" id="rows-none">{t("rows.columns.none")}</p>}
      {!none && absent.length > 0 && <p class="message" id="rows-absent">{t("rows.columns.absent", { names: names(absent) })}</p>}
      {!none && needed.length > 0 && <p class="message">{t("rows.columns.needed", { names: names(needed) })}</p>}
      <label class="check">
        <input type="checkbox" id="rows-reasons" checked={reasons} onChange={({ target }) => change({ reasons: target.checked })} />
        <span>{t("rows.reasons")} <span class="help">{t("rows.reasons.help")}</span></span>
      </label>
      <div class="actions">
        <button type="button" class="primary" id="rows-score" disabled={none} onClick={score}>{t("rows.score")}</button>
      </div>
    </section>
  );
}
