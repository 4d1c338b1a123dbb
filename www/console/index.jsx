import { useEffect, useState } from "preact/hooks";
import { usePage } from "../app/context.js";
import { IS_SINGLE_FILE } from "../app/files.js";
import { keep, recall } from "../app/storage.js";
import { useLanguage } from "../i18n/index.js";
import { isSupported, onControl } from "../service/service.js";
import { Answer } from "./Answer.jsx";
import { Code } from "./Code.jsx";
import { presetsOf } from "./presets.js";
import { send } from "./send.js";
import { METHODS, addressOf, hasBody } from "./written.js";

const isRequest = (value) =>
  METHODS.includes(value?.method) && ["path", "contentType", "body"].every((part) => typeof value[part] === "string");

/** Who answers here: the single file has nobody but itself, nor has a browser that has no service workers. */
const IS_IN_PAGE = IS_SINGLE_FILE || !isSupported;

/** A request to the REST contract, edited, sent for real, and its answer. */
export default function Console() {
  const { t } = useLanguage();
  const { page, description } = usePage();
  const presets = presetsOf(page, description);
  const kept = recall("request");
  const [request, setRequest] = useState(() => (isRequest(kept) ? kept : presets.example[1]()));
  const [preset, setPreset] = useState(isRequest(kept) ? "" : "example");
  const [answer, setAnswer] = useState({});
  const [isAnswering, setIsAnswering] = useState(IS_IN_PAGE);
  useEffect(() => (IS_IN_PAGE ? undefined : onControl(setIsAnswering)), []);

  function edit(change) {
    const edited = { ...request, ...change };
    setRequest(edited);
    setPreset("");
    keep("request", edited);
  }

  function choose(name) {
    setPreset(name);
    if (name !== "") {
      setRequest(presets[name][1]());
    }
  }

  async function submit(event) {
    event.preventDefault();
    try {
      setAnswer({ ...(await send(request, IS_IN_PAGE)), count: (answer.count ?? 0) + 1 });
    } catch (error) {
      setAnswer({ error, count: (answer.count ?? 0) + 1 });
    }
  }

  const path = request.path.startsWith("/") ? request.path : `/${request.path}`;
  const complete = { ...request, path };
  return (
    <section class="card console" aria-labelledby="console-title">
      <h2 id="console-title">{t("console.title")}</h2>
      <p class="help">{t("console.lede")}</p>
      <p class="console-who" role="status" id="console-who">
        {t(IS_IN_PAGE ? (IS_SINGLE_FILE ? "console.who.file" : "console.who.page") : isAnswering ? "console.who.worker" : "console.who.nobody")}
      </p>
      <div class="exchange">
        <form onSubmit={submit}>
          <div class="console-field">
            <label for="console-preset">{t("console.preset")}</label>
            <select id="console-preset" value={preset} onChange={(event) => choose(event.target.value)}>
              <option value="">{t("console.preset.own")}</option>
              {Object.entries(presets).map(([name, [status]]) => <option key={name} value={name}>{`${status} · ${t(`console.preset.${name}`)}`}</option>)}
            </select>
          </div>
          <div class="console-line">
            <div class="console-field">
              <label for="console-method">{t("console.method")}</label>
              <select id="console-method" value={request.method} onChange={(event) => edit({ method: event.target.value })}>
                {METHODS.map((name) => <option key={name}>{name}</option>)}
              </select>
            </div>
            <div class="console-field">
              <label for="console-path">{t("console.path")}</label>
              <input id="console-path" dir="ltr" spellcheck={false} autocomplete="off" autocapitalize="none" value={request.path} onInput={(event) => edit({ path: event.target.value })} />
            </div>
          </div>
          <div class="console-field">
            <label for="console-type">Content-Type</label>
            <input id="console-type" dir="ltr" spellcheck={false} autocomplete="off" autocapitalize="none" value={request.contentType} onInput={(event) => edit({ contentType: event.target.value })} />
          </div>
          <div class="console-field">
            <label for="console-body">{t("console.body")}</label>
            <textarea id="console-body" dir="ltr" rows={5} spellcheck={false} autocomplete="off" autocapitalize="none" disabled={!hasBody(request.method)} value={request.body} onInput={(event) => edit({ body: event.target.value })} aria-describedby={hasBody(request.method) ? undefined : "console-body-none"} />
            {!hasBody(request.method) && <p class="help" id="console-body-none">{t("console.body.none", { method: request.method })}</p>}
          </div>
          <div class="actions">
            <button type="submit" id="console-send" class="primary" disabled={!isAnswering}>{t("console.send")}</button>
          </div>
        </form>
        <Answer answer={answer} />
      </div>
      <Code request={complete} address={IS_SINGLE_FILE ? undefined : addressOf(path, document.baseURI)} />
      {!IS_SINGLE_FILE && (
        <p class="help">
          {t("console.description")} <a id="console-openapi" href="openapi.json" download={`${page.name.replace(/[^\w.-]+/g, "-")}-openapi.json`}>openapi.json</a>
        </p>
      )}
    </section>
  );
}
