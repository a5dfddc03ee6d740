"""How the documents are built: Sphinx, with everything that a page shows made here and nothing fetched."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "extensions"))
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("COLUMNS", "88")  # for what commands print
os.environ.setdefault("OMP_NUM_THREADS", "1")  # small networks train faster so, a busy machine included

import nonlin  # noqa: E402

project = "nonlin"
author = "The nonlin maintainers"
version = release = nonlin.__version__
language = "en"

extensions = [
    "myst_nb", "sphinx.ext.autodoc", "numpydoc", "sphinx_copybutton",
    "mathematics", "activation_pages", "reference_pages", "command_output", "stages", "requirement_rows",
]  # fmt: skip
exclude_patterns = ["README.md", "pictures/README.md", "extensions", "static"]
source_suffix = {".md": "myst-nb", ".rst": "restructuredtext"}

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # pages that repeat another's part begin lower

nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE.parent / "build/notebooks")
nb_execution_timeout = 600  # seconds a cell; on an idle machine none takes ten
nb_execution_raise_on_error = True
nb_merge_streams = True

default_role = "code"
smartquotes = False
autodoc_typehints = "none"  # numpydoc's sections say them
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(?!nonlin\b).*")
]  # of others' names none is looked up: that needs a network

html_math_renderer = "mathml"
html_theme = "furo"
html_title = "nonlin"
html_static_path = ["static"]
html_css_files = ["nonlin.css"]
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "github-dark"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
