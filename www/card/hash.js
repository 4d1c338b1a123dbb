/** The SHA-256 of the model's file. */
import { useEffect, useState } from "preact/hooks";
import { usePage } from "../app/context.js";

/** In hexadecimal; nothing until it is worked out, or where the browser works out none: at addresses that are not safe. */
export function useModelHash() {
  const { description: { sha256 }, model } = usePage();
  const [hash, setHash] = useState(sha256);
  useEffect(() => {
    if (sha256 === undefined && model !== undefined && globalThis.crypto?.subtle !== undefined) {
      crypto.subtle.digest("SHA-256", model).then((bytes) => setHash(Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")), () => {});
    }
  }, [sha256, model]);
  return hash;
}
