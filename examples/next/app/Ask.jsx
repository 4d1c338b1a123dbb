"use client";

import { predict } from "risk";
import { useState } from "react";

/** The answer to a row, or what is wrong with it. */
function answered(row) {
  try {
    return predict(row).prediction;
  } catch (error) {
    return error.message;
  }
}

/** A client component: its answers are made in the browser. */
export function Ask({ first }) {
  const [row, setRow] = useState(first);
  return (
    <p>
      <label>
        The browser says of <input id="row" size="40" value={row} onChange={({ target }) => setRow(target.value)} />
      </label>
      : <output id="client">{answered(row)}</output>
    </p>
  );
}
