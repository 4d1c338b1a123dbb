import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** What every place of the page may use: `{ description }`, the model's. */
export const Context = createContext({});

export const usePage = () => useContext(Context);
