/** What may be wider than its place scrolls there, with the keyboard too, and not the page. */
export function Wide({ label, children }) {
  return <div class="wide-scroll" role="region" aria-label={label} tabIndex={0}>{children}</div>;
}
