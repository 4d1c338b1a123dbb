import { usePage } from "../app/context.js";
import { IS_SINGLE_FILE } from "../app/files.js";
import { useDrop } from "../app/useDrop.js";
import { useLanguage } from "../i18n/index.js";

/** What files may be: the single file has no reader of workbooks. */
const WORKBOOKS = IS_SINGLE_FILE ? "" : ".xlsx,.xlsb,.xlsm,.xls,.ods,";

/** Where a file is dropped, or chosen by hand or by keyboard. */
export function Drop({ choose, file }) {
  const { t, number } = useLanguage();
  const { page } = usePage();
  const { over, handlers } = useDrop(choose);
  const size = (file) => {
    const [unit, bytes] = file.size < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
    return number(file.size / bytes, { style: "unit", unit, maximumFractionDigits: 1 });
  };
  async function sample() {
    const { sampleFile } = await import("./sample.js");
    choose([await sampleFile(page)]);
  }
  return (
    <section class={`card drop${over ? " over" : ""}`} aria-labelledby="rows-title" {...handlers}>
      <h2 id="rows-title">{t("rows.title")}</h2>
      <p>{t("rows.lede", { kinds: t(IS_SINGLE_FILE ? "rows.kinds.single" : "rows.kinds") })}</p>
      <div class="actions">
        <label class="button">
          {file ? t("rows.another") : t("rows.choose")}
          <input
            id="rows-file"
            class="visually-hidden"
            type="file"
            multiple
            accept={`${WORKBOOKS}.csv,.tsv,.txt,.jsonl,.ndjson,.json,.gz,text/csv,text/tab-separated-values,text/plain`}
            onChange={({ target }) => {
              if (target.files.length > 0) {
                choose([...target.files]);
                // The same file may be chosen again, once it has been mended.
                target.value = "";
              }
            }}
          />
        </label>
        <button type="button" onClick={sample}>{t("rows.sample")}</button>
      </div>
      {file && <p class="detail" id="rows-name">{t("rows.file", { name: file.name, size: size(file) })}</p>}
      <p class="help">{t("rows.forms")}</p>
    </section>
  );
}
