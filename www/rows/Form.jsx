import { useLanguage } from "../i18n/index.js";

const DELIMITERS = [",", ";", "\t", "|"];
const DELIMITER_NAMES = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };
const ENCODINGS = ["utf-8", "windows-1252", "utf-16le", "utf-16be"];
/** Ways to write one and a half thousand and a half: the sign between thousands, and that of the fraction. */
const NUMBERS = { "1500.5": { decimal: "." }, "1500,5": { decimal: "," }, "1,500.5": { thousands: ",", decimal: "." }, "1.500,5": { thousands: ".", decimal: "," } };

/** How the file is written: what was found, to be corrected. Of a workbook and of JSON lines less is open. */
export function Form({ plan, kind, options, say, isOpen }) {
  const { t } = useLanguage();
  const { delimiter, encoding, decimal, thousands, skippedLines } = plan;
  const numbers = Object.keys(NUMBERS).find((key) => NUMBERS[key].decimal === decimal && NUMBERS[key].thousands === thousands);
  const choice = (name, value, values, label, change) => (
    <label>
      <span>{t(`rows.form.${name}`)}</span>
      <select id={`rows-form-${name}`} value={value} onChange={({ target }) => change(target.value)}>
        {values.map((each) => <option key={each} value={each}>{label(each)}</option>)}
      </select>
    </label>
  );
  const withOther = (values, value) => (values.includes(value) || value === undefined ? values : [...values, value]);
  return (
    <details class="writing" id="rows-form" open={isOpen}>
      <summary>{t("rows.form")}</summary>
      <div class="choices">
        {kind === undefined && choice("delimiter", delimiter, withOther(DELIMITERS, delimiter), (each) => (Object.hasOwn(DELIMITER_NAMES, each) ? t(`rows.form.delimiter.${DELIMITER_NAMES[each]}`) : each), (each) =>
          say({ ...options, delimiter: each, column: {}, unit: {} }))}
        {kind === undefined && choice("numbers", numbers, Object.keys(NUMBERS), (each) => each, (each) => say({ ...options, thousands: undefined, ...NUMBERS[each] }))}
        {kind === undefined && choice("encoding", encoding, ENCODINGS, (each) => each.toUpperCase().replace("WINDOWS", "Windows"), (each) => say({ ...options, encoding: each, column: {}, unit: {} }))}
        <label>
          <span>{t("rows.form.skip")}</span>
          <input
            id="rows-form-skip"
            type="number"
            min="0"
            max="1000"
            value={skippedLines}
            onChange={({ target }) => target.checkValidity() && say({ ...options, skip: Number(target.value), header: undefined, column: {}, unit: {} })}
          />
        </label>
      </div>
    </details>
  );
}
