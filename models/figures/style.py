"""How every figure looks: quiet, light, one font, colours that the colour-blind tell apart (Okabe and Ito 2008)."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402 (the backend comes first)
from matplotlib.colors import LinearSegmentedColormap  # noqa: E402

INK, QUIET, FAINT = "#2b2b2b", "#767676", "#dddddd"
BLUE, ORANGE, GREEN, PURPLE, SKY, RUST = "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"
LINES = [BLUE, RUST, GREEN, PURPLE, ORANGE, SKY]
SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#cfe1ef", "#6fa8cf", "#0b5a93"])
SMALL, NORMAL, TITLE = 8, 9, 11
# Of a page on a phone: text stays readable when the figure is as wide as the screen.
WIDTH = 5.0

plt.rcParams.update({
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": NORMAL,
    "axes.titlesize": NORMAL, "axes.labelsize": NORMAL, "axes.titlecolor": INK, "axes.labelcolor": QUIET,
    "axes.edgecolor": FAINT, "axes.spines.top": False, "axes.spines.right": False, "text.color": INK,
    "xtick.color": QUIET, "ytick.color": QUIET, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
    "xtick.major.size": 0, "ytick.major.size": 0, "grid.color": FAINT, "grid.linewidth": 0.6,
    "figure.facecolor": "white", "svg.fonttype": "none", "svg.hashsalt": "flashfit",
})


def save(figure, folder, name, preview=None):
    """Writes the figure as SVG; with `preview`, as PNG there as well."""
    figure.savefig(folder / f"{name}.svg", bbox_inches="tight", pad_inches=0.08, metadata={"Date": None})
    if preview:
        figure.savefig(preview / f"{name}.png", bbox_inches="tight", pad_inches=0.08, dpi=130)
    plt.close(figure)
