"""Step 5: compare two drafts: which piece is which, and what changed in each."""
