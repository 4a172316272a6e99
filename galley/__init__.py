"""galley compiles a report kept as text and data in git into a review site and a printed report, in seven steps.

1. read      files of the work tree, or blobs of a git revision, into a `SourceTree`
2. parse     the tree into a `Report`; what cannot be parsed becomes diagnostics
3. check     the report with a tuple of rules
4. restrict  the report to the `Edition` one audience may see
5. compare   two editions of one audience
6. render    the edition into pages: finished Markdown for the site, HTML for print
7. typeset   the print pages into a PDF

Between read and typeset everything is a pure function of values: no clock, no disk, no environment.
"""
