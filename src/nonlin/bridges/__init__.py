"""The same Program and the same facts in other people's languages."""
