import { useEffect, useState } from "preact/hooks";
import { IS_SINGLE_FILE } from "../app/files.js";
import { useLanguage } from "../i18n/index.js";
import { isSupported, startService, update } from "../service/service.js";

/** Whether the studio works offline, the studio as one file, and word of a new version. */
export function Service() {
  const { t } = useLanguage();
  const [state, setState] = useState(IS_SINGLE_FILE ? "single" : isSupported ? "starting" : "none");
  const [hasUpdate, setHasUpdate] = useState(false);
  useEffect(() => {
    startService(() => setHasUpdate(true)).then((isReady) => isReady && setState("ready"), () => setState("none"));
  }, []);
  return (
    <>
      <p id="offline" data-state={state}>
        {t(`studio.offline.${state}`)} {!IS_SINGLE_FILE && <a href="studio.html" download>{t("studio.single")}</a>}
      </p>
      <div role="status">
        {hasUpdate && <p>{t("studio.update")} <button type="button" id="update" onClick={update}>{t("studio.update.now")}</button></p>}
      </div>
    </>
  );
}
