import { useState } from "preact/hooks";

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

/** Where a file is dropped: whatever is in it, and `choose` hears the file. */
export function Drop({ choose, children, ...rest }) {
  const [over, setOver] = useState(false);
  const handlers = {
    onDragOver(event) {
      if (carriesFiles(event)) {
        event.preventDefault();
        setOver(true);
      }
    },
    onDragLeave: () => setOver(false),
    onDrop(event) {
      if (carriesFiles(event)) {
        event.preventDefault();
        setOver(false);
        choose(event.dataTransfer.files[0]);
      }
    },
  };
  return <div {...rest} class={`drop${over ? " over" : ""} ${rest.class ?? ""}`} {...handlers}>{children}</div>;
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
