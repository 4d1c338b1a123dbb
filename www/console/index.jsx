/** The place's frame; what it holds comes with its own work. */
export default function Place() {
  return <section class="card" />;
}
