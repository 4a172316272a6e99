"""Excel and CSV, in and out: forms that provinces fill in, their way back into the data, and an open data package."""
