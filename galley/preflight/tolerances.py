"""How far a measure may be off before it is a fault, and why. Lengths in mm, type in points."""

from __future__ import annotations

# A sheet: WeasyPrint writes points with six digits, and printers' A4 is cut to half a millimetre.
PAPER = 0.5
# Text over the edge of its area: a justified line of Tinos ends up to 0.43 mm too far right, by rounded spaces.
OVER = 0.6
# The area's own edge: the longest of many justified lines meets it.
EDGE = 1.0
# The area's upper and lower edge, in lines: a page may begin with a figure, and end where the next block is too high.
LINES_ABOVE = 1.0
LINES_BELOW = 2.5
# Of so many pages one at least is full; of fewer perhaps none.
PAGES_BELOW = 20
# Sizes of type: CSS pixels are 0.75 pt, and WeasyPrint rounds them to 1/1024.
SIZE = 0.1
# Line pitch: baselines are exact but for the rounding of sizes.
PITCH = 0.15
# A paragraph this much smaller than the body is a note, not a body in the wrong size.
NOTE = 2.5
# Numbers in the margin are smaller than any text, that of tables included.
IN_MARGIN = 8.5
# The folio: where "10 mm from the edge" is measured to (top or middle of the digits) differs by 2 mm between offices.
FOLIO = 1.0
# The note of circulation: its frame, where it has one, stands between it and the corner.
NOTICE = 2.5
# The middle of a centred line.
CENTRE = 1.0
# A rule as long as the words: their side bearings count or not.
RULE_LENGTH = 1.5
RULE_THICKNESS = 0.8
RULE_BELOW = 4.0
# A link's box ends where its letters do; boxes of neighbouring lines may overlap by their leading.
LINK = 0.5
# Between an entry of the contents and its page number there is more than a space.
NUMBER_GAP = 1.5
# The number and the last line of its entry are set separately, on one height but for rounding.
NUMBER_LINE = 1.0
