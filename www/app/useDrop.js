import { useState } from "preact/hooks";

/** Whether something that is dragged is files. */
export const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

/** What an element has where files may be dropped, and whether some are held over it; `choose` hears the files, and with what they came. */
export function useDrop(choose) {
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
        choose([...event.dataTransfer.files], event.dataTransfer);
      }
    },
  };
  return { over, handlers };
}
