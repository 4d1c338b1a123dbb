const FIGURE = "M5 0a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM2.6 5h4.8c.9 0 1.6.7 1.6 1.6V9c0 .6-.4 1-1 1H7.600l-.2 4.200c0 .500-.400.800-.800.800H3.400c-.400 0-.800-.300-.800-.800L2.400 10H2c-.600 0-1-.400-1-1V6.600C1 5.700 1.700 5 2.600 5Z";

/** A hundred figures, `count` of them marked: a probability as a number of people. */
export function IconArray({ count, label }) {
  return (
    <svg class="icons" viewBox="0 0 138 170" role="img" aria-label={label}>
      {Array.from({ length: 100 }, (_, index) => (
        <path key={index} d={FIGURE} class={index < count ? "marked" : ""} transform={`translate(${(index % 10) * 14 + 1} ${Math.floor(index / 10) * 17 + 1})`} />
      ))}
    </svg>
  );
}
