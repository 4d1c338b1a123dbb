import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { theCase } from "../case/case.js";
import { featuresOf } from "../case/features.js";

/** What every place of the page may use: `{ description, kind, model }`: the model's description, what shows its answers, its bytes. */
export const Context = createContext({});

/** The same, and in the page's language the case (`page`) and the features. */
export function usePage() {
  const { description, kind, model } = useContext(Context);
  return { description, kind, model, page: theCase(), features: featuresOf(description) };
}
