"""The calibration plot, as SVG: written by hand, so that its bytes depend on the figures alone."""

SIZE, LEFT, BOTTOM, SIDE = 460, 70, 60, 360
STYLE = """
    text { font: 14px system-ui, sans-serif; fill: #222 }
    .frame { fill: none; stroke: #888 } .even { stroke: #888; stroke-dasharray: 5 4 }
    .bar { stroke: #0b6e4f; stroke-width: 2 } .point { fill: #0b6e4f }
    @media (prefers-color-scheme: dark) {
      text { fill: #ddd } .bar { stroke: #6cd4ae } .point { fill: #6cd4ae }
    }
  """


def calibration_plot(bins):
    def x(value):
        return f"{LEFT + SIDE * value:.1f}"

    def y(value):
        return f"{SIZE - BOTTOM - SIDE * value:.1f}"

    women = round(sum(part["women"] for part in bins) / len(bins))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img" aria-labelledby="title desc">',
        '  <title id="title">Predicted risk and observed rate</title>',
        f'  <desc id="desc">Points for about {women} women each, whom the model had not seen: the mean predicted risk, '
        "the share that tested positive, and its 95 % interval. On the dashed line both are equal.</desc>",
        f"  <style>{STYLE}</style>",
        f'  <rect class="frame" x="{LEFT}" y="{y(1)}" width="{SIDE}" height="{SIDE}"/>',
        f'  <line class="even" x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}"/>',
    ]
    for tick in range(0, 101, 20):
        parts.append(f'  <text x="{x(tick / 100)}" y="{SIZE - BOTTOM + 20}" text-anchor="middle">{tick}</text>')
        parts.append(f'  <text x="{LEFT - 8}" y="{y(tick / 100)}" dy="5" text-anchor="end">{tick}</text>')
    middle = LEFT + SIDE / 2
    parts.append(f'  <text x="{middle:.0f}" y="{SIZE - 15}" text-anchor="middle">predicted risk, %</text>')
    parts.append(f'  <text transform="translate(20 {SIZE - BOTTOM - SIDE / 2:.0f}) rotate(-90)" text-anchor="middle">'
                 "tested positive, %</text>")
    for part in bins:
        across = x(part["mean_predicted"])
        parts.append(f'  <line class="bar" x1="{across}" y1="{y(part["low"])}" x2="{across}" y2="{y(part["high"])}"/>')
        parts.append(f'  <circle class="point" cx="{across}" cy="{y(part["observed_rate"])}" r="4"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"
