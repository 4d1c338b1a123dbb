import { model, predict } from "risk";
import { Ask } from "./Ask.jsx";

const ROW = "1,106,70,28,135,34.2,0.142,22";

/** A server component: its answer is made where the page is rendered, and no script of it reaches the browser. */
export default function Page() {
  return (
    <main>
      <h1>{model.title}</h1>
      <p>
        The server says of {ROW}: <output id="server">{predict(ROW).prediction}</output>
      </p>
      <Ask first={ROW} />
    </main>
  );
}
