import Proof from "../proof/index.jsx";

/** The model's card, and the proof that this page runs that model. */
export default function About() {
  return <Proof />;
}
