import { useEffect, useState } from "preact/hooks";
import { carriesFiles, useDrop } from "../../app/useDrop.js";
import { useLanguage } from "../../i18n/index.js";

/** What each box on the page does with a file. */
const boxes = new Set();

/** The first file that is dropped, marked if it is a folder: its bytes tell nothing of that, and of some folders there are none. */
function dropped(file, given) {
  const isFolder = given.items?.[0]?.webkitGetAsEntry?.()?.isDirectory === true;
  return isFolder ? Object.assign(file, { isFolder }) : file;
}

/** Where a file is dropped: whatever is in it, and `choose` hears the file. */
export function Drop({ choose, children, ...rest }) {
  const { over, handlers } = useDrop(([file], given) => choose(dropped(file, given)));
  useEffect(() => {
    boxes.add(choose);
    return () => boxes.delete(choose);
  }, [choose]);
  return <div {...rest} class={`drop${over ? " over" : ""} ${rest.class ?? ""}`} {...handlers}>{children}</div>;
}

/**
 * A file that is dropped beside all boxes would be opened in the page's place. It goes into the box if there is one alone; else it is said where
 * files are dropped. While files are dragged, the boxes are marked.
 */
export function Beside() {
  const { t } = useLanguage();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const mark = (isDragging) => document.documentElement.classList.toggle("dragging", isDragging);
    function over(event) {
      if (carriesFiles(event)) {
        event.preventDefault();
        mark(true);
      }
    }
    const leave = (event) => event.relatedTarget === null && mark(false);
    function drop(event) {
      mark(false);
      const isTaken = event.defaultPrevented;
      if (carriesFiles(event)) {
        event.preventDefault();
      }
      const [file] = event.dataTransfer?.files ?? [];
      const isBeside = !isTaken && file !== undefined;
      setLost(isBeside && boxes.size !== 1);
      if (isBeside && boxes.size === 1) {
        const own = dropped(file, event.dataTransfer);
        boxes.forEach((choose) => choose(own));
      }
    }
    const heard = { dragover: over, dragleave: leave, drop };
    Object.entries(heard).forEach(([name, listener]) => addEventListener(name, listener));
    return () => Object.entries(heard).forEach(([name, listener]) => removeEventListener(name, listener));
  }, []);
  return <p id="drop-beside" role="status" class={isLost ? "failure" : "visually-hidden"}>{isLost ? t("studio.drop.beside") : ""}</p>;
}

/** A button that asks for a file. */
export function Choose({ id, choose, children, isPrimary = false, ...rest }) {
  return (
    <label class={`button${isPrimary ? " primary" : ""}`}>
      {children}
      <input
        id={id}
        class="visually-hidden"
        type="file"
        {...rest}
        onChange={({ target }) => {
          if (target.files.length > 0) {
            choose(target.files[0]);
            // The same file may be chosen again, once it has been mended.
            target.value = "";
          }
        }}
      />
    </label>
  );
}
