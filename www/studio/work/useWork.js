import { useEffect, useState } from "preact/hooks";
import { work } from "./work.js";

/** The work's state, for components: they are drawn again when it changes. */
export function useWork() {
  const [state, setState] = useState(work.state);
  useEffect(() => {
    // It may have changed between the first drawing and this.
    setState(work.state);
    return work.subscribe(setState);
  }, []);
  return state;
}
