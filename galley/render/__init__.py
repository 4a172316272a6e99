"""Render an edition into pages, for the site and for print."""
