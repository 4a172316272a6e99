"""Write and read XLSX files. The only module that imports openpyxl."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from operator import is_
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from galley.diagnostics import Diagnostic, error
from galley.exchange.packed import refusals
from galley.exchange.sheets import OPEN, Cell, Choices, Entry, FoundSheet, Look, Merged, Sheet, Workbook
from galley.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

MAX_BYTES = 100_000_000  # unpacked; a form with 12,000 rows has 20 million
MAX_ROWS, MAX_COLUMNS = 100_000, 100
_LAST_ROW = 1_048_576  # of any sheet; a row of a higher number is no row
_FIRST_DAY = datetime(1980, 1, 1, tzinfo=UTC)  # ZIP knows no earlier one
_FONT = "Times New Roman"
_NAVY, _GREEN, _GREY, _LINE = "1F3864", "1E6B52", "F2F2F2", "BFBFBF"
_BIGGEST = "1000000000000000"


def write_workbook(book: Workbook, timestamp: int) -> bytes:
    """The bytes of an XLSX file; the same for the same book and timestamp (seconds since 1970)."""
    file = openpyxl.Workbook()
    file.remove(file.worksheets[0])
    when = max(datetime.fromtimestamp(timestamp, UTC), _FIRST_DAY)
    file.properties.title, file.properties.creator = book.title, book.author
    file.properties.created = file.properties.modified = when.replace(tzinfo=None)
    if book.locked:
        file.security = WorkbookProtection(lockStructure=True)
    for sheet in book.sheets:
        _write_sheet(file, sheet)
    packed = io.BytesIO()
    ExcelWriter(file, zipfile.ZipFile(packed, "w")).save()  # save_workbook would put the clock into the properties
    return _with_fixed_times(packed, when)


def _with_fixed_times(packed: io.BytesIO, when: datetime) -> bytes:
    """The same archive with this time at every entry."""
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (when.year, when.month, when.day, when.hour, when.minute, when.second))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, old.read(name))
    return out.getvalue()


def _write_sheet(file: openpyxl.Workbook, sheet: Sheet) -> None:
    page = file.create_sheet(sheet.title)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row, start=1):
            _write_cell(file, page.cell(number, column), cell)
    for column, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    for column in sheet.hidden_columns:
        page.column_dimensions[get_column_letter(column)].hidden = True
    if sheet.hidden:
        page.sheet_state = "hidden"
    if sheet.head:
        page.freeze_panes = f"{get_column_letter(sheet.head_columns + 1)}{sheet.head + 1}"
        page.print_title_rows = f"1:{sheet.head}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9  # A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if sheet.locked:
        _lock(page)
    if sheet.locked or sheet.filtered:
        _filter(page, sheet)
    _add_rules(page, sheet)


def _write_cell(file: openpyxl.Workbook, target: Any, cell: Cell) -> None:  # noqa: ANN401 - the stubs' union is too wide
    target.value = cell.value
    if isinstance(cell.value, str):
        target.data_type = "s"  # a note that begins with "=" is no formula
    target.style = _style(file, cell)


def _style(file: openpyxl.Workbook, cell: Cell) -> str:
    """The name of the style of a cell, made when it is first wanted."""
    name = f"galley {cell.look.value}"
    numeric = cell.look in (Look.NUMBER, Look.FIGURE, Look.DERIVED)
    if numeric:
        name = f"{name} {cell.decimals}{cell.mark}"
    if name not in file.named_styles:
        style = NamedStyle(name)
        style.number_format = "@" if cell.look is Look.TEXT else "General"
        if numeric:
            zeros = f".{'0' * cell.decimals}" if cell.decimals else ""
            style.number_format = f'#,##0{zeros}"{cell.mark}"' if cell.mark else f"#,##0{zeros}"
        _paint(style, cell.look)
        file.add_named_style(style)
    return name


def _paint(style: NamedStyle, look: Look) -> None:
    colours = {Look.TITLE: _NAVY, Look.HEAD: "FFFFFF", Look.HEAD_OPEN: "FFFFFF", Look.ID: "7F7F7F"}
    bold = look in (Look.TITLE, Look.HEAD, Look.HEAD_OPEN)
    style.font = Font(_FONT, 11, b=bold, i=look is Look.DERIVED, color=colours.get(look, "000000"))
    style.protection = Protection(locked=look not in OPEN)
    horizontal = "right" if look in (Look.NUMBER, Look.FIGURE, Look.DERIVED) else None
    style.alignment = Alignment(horizontal, "top", wrap_text=look in (Look.HEAD, Look.HEAD_OPEN, Look.TEXT, Look.PLAIN))
    fills = {Look.HEAD: _NAVY, Look.HEAD_OPEN: _GREEN, Look.LABEL: _GREY, Look.ID: _GREY}
    if look in fills:
        style.fill = PatternFill("solid", fills[look])
    if look not in (Look.TITLE, Look.PLAIN, Look.NOTE):
        line = Side("thin", _LINE)
        style.border = Border(line, line, line, line)


def _lock(page: Any) -> None:  # noqa: ANN401 - see _write_cell
    """Lock all cells but the open ones, without a password; columns may be widened and rows filtered."""
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = page.protection.autoFilter = False  # False: allowed


def _filter(page: Any, sheet: Sheet) -> None:  # noqa: ANN401 - see _write_cell
    if sheet.head and len(sheet.rows) > sheet.head:
        shown = len(sheet.widths) - len(sheet.hidden_columns)
        page.auto_filter.ref = f"A{sheet.head}:{get_column_letter(shown)}{len(sheet.rows)}"


def _add_rules(page: Any, sheet: Sheet) -> None:  # noqa: ANN401 - see _write_cell
    first, last = sheet.head + 1, len(sheet.rows)
    if last < first:
        return
    for rule in sheet.rules:
        if isinstance(rule, Choices):
            letter = get_column_letter(rule.entries_column)
            found = DataValidation("list", f"'{rule.sheet}'!${letter}$1:${letter}${rule.entries}", allow_blank=True)
        else:
            found = DataValidation("decimal", f"-{_BIGGEST}", _BIGGEST, allow_blank=True, operator="between")
        found.showErrorMessage, found.errorTitle, found.error = True, rule.title, rule.message
        letter = get_column_letter(rule.column)
        found.add(f"{letter}{first}:{letter}{last}")
        page.add_data_validation(found)
    for one in sheet.highlights:
        where = f"{get_column_letter(one.first_column)}{first}:{get_column_letter(one.last_column)}{last}"
        style = DifferentialStyle(
            Font(i=True) if one.italic else None, fill=PatternFill(bgColor=one.colour, fill_type="solid")
        )
        formula = [one.condition.format(row=first)]
        page.conditional_formatting.add(where, Rule("expression", formula=formula, dxf=style))


def read_workbook(
    path: PurePosixPath, content: bytes, *, shown: bool = False
) -> tuple[tuple[FoundSheet, ...], tuple[Diagnostic, ...]]:
    """The sheets of an XLSX file with every cell as it stands; a diagnostic when it cannot be read as one.

    With `shown` a formula is what it last showed.
    """
    try:
        if found := refusals(path, content, MAX_BYTES):
            return (), found
        file = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=shown)
        return tuple(
            FoundSheet(page.title, tuple(_rows(page)), tuple(_merged(page)) if shown else ())
            for page in file.worksheets
        ), ()
    except _TooLong as trouble:
        return (), (error(Span(path), "file-too-large", size=trouble.row, limit=MAX_ROWS),)
    except Exception as trouble:  # noqa: BLE001 - whatever openpyxl stumbles over, the file is what is wrong
        return (), (error(Span(path), "not-a-workbook", problem=type(trouble).__name__),)


class _TooLong(Exception):  # noqa: N818 - it says what is so, and never leaves this module
    """A sheet has something in a row beyond those that are read."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def _rows(page: Any) -> Iterator[tuple[Entry, ...]]:  # noqa: ANN401 - see _write_cell
    """The rows without the empty ones that end the sheet; a stated size is not believed."""
    page.reset_dimensions()
    nothing, empty = (EMPTY_CELL,) * MAX_COLUMNS, 0
    for number, cells in enumerate(page.iter_rows(max_row=_LAST_ROW, max_col=MAX_COLUMNS), start=1):
        if all(map(is_, cells, nothing)) or all(cell.value is None for cell in cells):
            empty += 1
            continue
        if number > MAX_ROWS:
            raise _TooLong(number)
        yield from ((),) * empty
        empty = 0
        yield tuple(_entry(cell) for cell in cells)


def _merged(page: Any) -> Iterator[Merged]:  # noqa: ANN401 - see _write_cell
    """The cells that are one; openpyxl does not tell of them where it reads rows one by one."""
    with page._get_source() as source:  # noqa: SLF001 - see above
        for _, element in iterparse(source):
            if element.tag == f"{{{SHEET_MAIN_NS}}}mergeCell":
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
                yield Merged(int(top or 1), int(left or 1), int(bottom or 1), int(right or 1))
            element.clear()


def _entry(cell: Any) -> Entry:  # noqa: ANN401 - see _write_cell
    if cell.value is None or (isinstance(cell.value, str) and not cell.value.strip()):
        return Entry("empty")
    if cell.data_type == "f":
        return Entry("formula", str(cell.value))
    if cell.data_type == "n" and not isinstance(cell.value, bool):
        return Entry("number", f"{Decimal(repr(cell.value)):f}")
    return Entry("text" if cell.data_type in ("s", "inlineStr", "str") else "other", str(cell.value))
