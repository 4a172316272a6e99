"""Step 5: what a review asks of the drafts: where opinions stand, what became of them, what is ready."""
