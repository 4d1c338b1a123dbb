import { useDrop } from "../app/useDrop.js";

/** Where a file is dropped: whatever is in it, and `choose` hears the file. */
export function Drop({ choose, children, ...rest }) {
  const { over, handlers } = useDrop(([file]) => choose(file));
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
