"""The text of a label as JSON, or why it is not."""

from __future__ import annotations

import json
from typing import Any

from deukgeun.aihub.clip import BadLabelError

_BLANK = b" \t\r\n\0\xef\xbb\xbf"


def load(content: bytes) -> dict[str, Any]:
    """Return a label's JSON object. Raises `BadLabelError`: empty, cut short, not JSON, or not an object."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadLabelError(_what_is_wrong(content, error)) from None
    if not isinstance(value, dict):
        raise BadLabelError("not_a_label")
    return value


def _what_is_wrong(content: bytes, error: Exception) -> str:
    """Cut short is what begins as JSON and is sound up to its end."""
    text = content.strip(_BLANK)
    if not text:
        return "empty_file"
    if not text.startswith(b"{") or not isinstance(error, json.JSONDecodeError):
        return "not_json"
    left = error.doc[error.pos :].strip()
    begun = any(word.startswith(left) for word in ("true", "false", "null", "-"))  # of nothing, too
    return "cut_short" if begun or error.msg.startswith("Unterminated string") else "not_json"
