"""What the name of a file tells: title, extension, and the type that Salesforce files it under (metadata.md 4.10)."""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN = "UNKNOWN"
LINK = "LINK"
_OTHERWISE: Mapping[str, str] = {
    "txt": "TEXT",
    "doc": "WORD", "docx": "WORD_X", "docm": "WORD_M", "dotx": "WORD_T",
    "xls": "EXCEL", "xlsx": "EXCEL_X", "xlsm": "EXCEL_M", "xltx": "EXCEL_T",
    "ppt": "POWER_POINT", "pptx": "POWER_POINT_X", "pptm": "POWER_POINT_M", "potx": "POWER_POINT_T",
    "vsd": "VISIO", "swf": "FLASH", "gz": "GZIP", "eml": "RFC822",
}  # fmt: skip
"""Extensions whose types are called otherwise."""
_ALIKE = frozenset(
    {
        "AAC", "AI", "ASF", "AVI", "AVIF", "BMP", "C", "CPP", "CSS", "CSV", "DWG", "EPS", "EXE", "GIF", "HTM", "HTML", "ICS",
        "INI", "JAR", "JAVA", "JPEG", "JPG", "JS", "JSON", "LOG", "M4A", "M4V", "MHTML", "MOV", "MP3", "MP4", "MPEG", "MPG",
        "MSG", "ODP", "ODS", "ODT", "OGG", "OGV", "PDF", "PNG", "PPS", "PPSX", "PSD", "RTF", "SQL", "SVG", "TIF", "TIFF",
        "USDZ", "VTT", "WAV", "WEBP", "WMA", "WMV", "XHTML", "XML", "ZIP",
    }
)  # fmt: skip
"""Types that are called like their extensions, as a published list of the types has them."""


def title_of(path: str) -> str:
    """The last part of a path, in either way of writing it, without the extension."""
    name = _name(path)
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem else name


def extension_of(path: str) -> str | None:
    """What follows the last dot of the last part of a path."""
    stem, dot, extension = _name(path).rpartition(".")
    return extension if dot and stem and extension else None


def type_of(extension: str | None) -> str:
    """The file type that goes with an extension."""
    if extension is None:
        return UNKNOWN
    if extension.lower() in _OTHERWISE:
        return _OTHERWISE[extension.lower()]
    return extension.upper() if extension.upper() in _ALIKE else UNKNOWN


def _name(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]
