import { predict } from "risk";

/** The answer to a row as text, or what is wrong with it. */
export function answered(row) {
  try {
    return String(predict(row).prediction);
  } catch (error) {
    return error.message;
  }
}
