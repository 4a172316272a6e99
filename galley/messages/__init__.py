"""The sentences of every rule, by language: one file to read and correct them."""
