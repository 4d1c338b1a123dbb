import { useState } from "preact/hooks";
import { useLanguage } from "../i18n/index.js";
import Person from "../person/index.jsx";
import { Context } from "./context.js";
import { placesStyle } from "./files.js";
import { Lazy } from "./Lazy.jsx";
import { Masthead } from "./Masthead.jsx";
import { keep, recall } from "./storage.js";
import { Tabs } from "./Tabs.jsx";

/** The places of the page. All but the first are fetched when they are first visited, and stay: work goes on in them. */
const PLACES = {
  person: () => <Person />,
  rows: () => <Lazy from={() => import("../rows/index.jsx")} sections={["rows"]} style={placesStyle} />,
  rest: () => <Lazy from={() => import("../console/index.jsx")} sections={["console"]} style={placesStyle} />,
  about: () => <Lazy from={() => import("../card/index.jsx")} sections={["card", "proof"]} style={placesStyle} />,
};
const NAMES = Object.keys(PLACES);

export function App({ description, kind, model }) {
  const { t, has } = useLanguage();
  const [place, setPlace] = useState(() => (NAMES.includes(recall("place")) ? recall("place") : NAMES[0]));
  const [visited, setVisited] = useState([place]);

  function visit(name) {
    keep("place", name);
    setPlace(name);
    setVisited((names) => (names.includes(name) ? names : [...names, name]));
  }

  return (
    <Context.Provider value={{ description, kind, model }}>
      <a class="skip" href="#main">{t("app.skip")}</a>
      <Masthead />
      <main>
        <Tabs label={t("app.places")} names={NAMES} titles={NAMES.map((name) => t(`app.place.${name}`))} chosen={place} choose={visit} />
        <div id="main" tabIndex={-1}>
          {NAMES.map((name) => (
            <div key={name} role="tabpanel" id={`place-${name}`} aria-labelledby={`tab-${name}`} hidden={name !== place}>
              {visited.includes(name) && PLACES[name]()}
            </div>
          ))}
        </div>
      </main>
      <footer class="colophon">
        {has("app.source") && <p dir="auto">{t("app.source")}</p>}
        <Lazy from={() => import("../service/Status.jsx")} sections={["service"]} />
      </footer>
    </Context.Provider>
  );
}
