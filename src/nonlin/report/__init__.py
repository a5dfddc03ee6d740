"""Pages as plain data, shown as text, HTML or JSON; nothing is computed here that is not layout."""
