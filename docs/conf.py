"""What Sphinx is told: `cargo xtask docs` makes the site of this folder's pages."""

import re
import sys
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "python"))

#: Pages that stand at the root of the repository, where people look for them; the site has copies.
PROJECT = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md"]


def bring_project_pages():
    def moved(match):
        link = match[1]
        if link in PROJECT or re.match(r"[a-z]+:|#", link):
            return match[0]
        return f"](../{link[5:]})" if link.startswith("docs/") else f"](../../{link})"

    folder = HERE / "project"
    folder.mkdir(exist_ok=True)
    for name in PROJECT:
        original, copy = ROOT / name, folder / name
        if original.exists():
            copy.write_text(re.sub(r"\]\(([^)\s]+)\)", moved, original.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            copy.unlink(missing_ok=True)


bring_project_pages()

project = "Wardian"
html_title = "Wardian"
language = "en"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["node_modules"]

# Anchors as the repository's own pages have them, so that a link holds in both.
myst_heading_anchors = 4
# JSON with an ellipsis in it is no JSON, and is shown as plain text.
suppress_warnings = ["misc.highlighting_failure"]

# The reference is made of docstrings and signatures alone: nothing that the package needs to run is installed for it.
autodoc_mock_imports = ["numpy", "sklearn", "pyspark", "pyarrow", "pandas"]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_use_rtype = False

html_theme = "furo"
html_theme_options = {"source_repository": "", "top_of_page_buttons": []}
html_favicon = "../www/icon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
# A summary is fetched from the page that was found, which a browser refuses to a page on a disk.
html_show_search_summary = False
# Colours that can be read, by WCAG.
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


class OutOfTheSite(SphinxTransform):
    """A link to a file of the repository that is no page here becomes its words: the site stands alone."""

    default_priority = 500

    def apply(self):
        for link in list(self.document.findall(addnodes.download_reference)):
            path = Path(self.env.doc2path(self.env.docname)).parent / link["reftarget"]
            if HERE not in path.resolve().parents:
                link.replace_self(nodes.inline("", "", *link.children))


def leave_out_absent(app, page, source):
    """A page of the list that is not there is left out: Sphinx finds a page that no list has, so nothing is lost by a slip."""
    if page == "index":
        lines = source[0].split("\n")
        source[0] = "\n".join(line for line in lines if not re.fullmatch(r"(project/)?[A-Z_]+", line) or line in app.env.found_docs)


#: What Furo and Sphinx leave out and WCAG asks for: names of the two asides, the level of the captions in the list of pages, and a way by
#: keyboard into what can be scrolled.
MENDED = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
}


def mend_pages(app, exception):
    for path in Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for bare, mended in MENDED.items():
            text = text.replace(bare, mended)
        path.write_text(text, encoding="utf-8")


def setup(app):
    app.add_transform(OutOfTheSite)
    app.connect("source-read", leave_out_absent)
    app.connect("build-finished", mend_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
