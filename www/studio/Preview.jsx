import { useEffect, useRef, useState } from "preact/hooks";
import { useLanguage } from "../i18n/index.js";
import { Fault } from "./parts/Fault.jsx";
import { useWork } from "./work/useWork.js";
import { work } from "./work/work.js";

/** How wide the page is shown, in its own pixels. */
const WIDTHS = { phone: 390, desk: 1180 };
const HEIGHTS = { phone: 760, desk: 900 };
/** A model of a larger file is not put into a page at every letter. */
const LARGEST = 8e6;

/** The very page, as it will be taken away, in a frame of its own origin: it can reach nothing of the studio. */
export function Preview() {
  const { t } = useLanguage();
  const { told, about, version } = useWork();
  const [device, setDevice] = useState("phone");
  const [page, setPage] = useState({});
  const [asked, setAsked] = useState(0);
  const [room, setRoom] = useState(WIDTHS.phone);
  const place = useRef();
  const isLarge = about.file.bytes > LARGEST;
  const wanted = isLarge ? asked : version;

  useEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) => setRoom(contentRect.width));
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    if (told === undefined || (isLarge && asked === 0)) {
      return undefined;
    }
    let isOver = false;
    let url;
    work.make("page.html").then(
      (bytes) => {
        if (!isOver) {
          url = URL.createObjectURL(new Blob([bytes], { type: "text/html" }));
          setPage({ url });
        }
      },
      (error) => !isOver && error.code !== "stopped" && setPage({ error }),
    );
    return () => {
      isOver = true;
      // The frame has read it by the time that another takes its place.
      setTimeout(() => url && URL.revokeObjectURL(url), 10_000);
    };
  }, [told === undefined, wanted]);

  const scale = Math.min(1, room / WIDTHS[device]);
  return (
    <section class="card preview" id="page" tabIndex={-1} aria-labelledby="preview-title">
      <div class="card-head">
        <h2 id="preview-title">{t("studio.preview")}</h2>
        <div class="actions" role="group" aria-label={t("studio.preview.width")}>
          {Object.keys(WIDTHS).map((name) => (
            <button key={name} type="button" id={`preview-${name}`} aria-pressed={name === device} onClick={() => setDevice(name)}>{t(`studio.preview.${name}`)}</button>
          ))}
        </div>
      </div>
      {isLarge && (
        <p class="help">
          {t("studio.preview.large")} <button type="button" id="preview-make" onClick={() => setAsked(version + 1)}>{t("studio.preview.make")}</button>
        </p>
      )}
      <div class={`screen ${device}`} ref={place} style={{ blockSize: `${HEIGHTS[device] * scale}px` }}>
        {page.url && (
          // A frame for each page: one that goes from page to page fills the browser's history, and has been seen to stay empty.
          <iframe
            key={page.url}
            id="preview"
            title={t("studio.preview")}
            src={page.url}
            sandbox="allow-scripts allow-downloads allow-forms allow-modals"
            style={{ inlineSize: `${WIDTHS[device]}px`, blockSize: `${100 / scale}%`, transform: `scale(${scale})` }}
          />
        )}
      </div>
      {page.error !== undefined && <Fault id="preview-fault" error={page.error} />}
    </section>
  );
}
