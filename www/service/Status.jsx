import { useEffect, useState } from "preact/hooks";
import { IS_SINGLE_FILE } from "../app/files.js";
import { useLanguage } from "../i18n/index.js";
import { isSupported, startService, update } from "./service.js";

/** Whether the page works offline, the page as one file, and word of a new version. */
export default function Status() {
  const { t } = useLanguage();
  const [state, setState] = useState({ name: IS_SINGLE_FILE ? "single" : isSupported ? "starting" : "none" });
  const [hasUpdate, setHasUpdate] = useState(false);

  useEffect(() => {
    startService(() => setHasUpdate(true)).then(
      (isReady) => isReady && setState({ name: "ready" }),
      ({ message }) => setState({ name: "failed", reason: message }),
    );
  }, []);

  return (
    <>
      <p id="offline" data-state={state.name}>
        {t(`service.offline.${state.name}`, state)}
        {!IS_SINGLE_FILE && <> <a href="page.html" download>{t("service.single")}</a>: {t("service.single.help")}</>}
      </p>
      <div class="update" role="status">
        {hasUpdate && (
          <>
            <p>{t("service.update")}</p>
            <button type="button" class="primary" id="update" onClick={update}>{t("service.update.now")}</button>
          </>
        )}
      </div>
    </>
  );
}
