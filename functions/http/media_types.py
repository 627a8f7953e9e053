"""What a request's Accept header prefers (RFC 9110, section 12.5.1)."""

from email.message import Message


def prefers(media_type: str, default: str, accept: str) -> bool:
    """Whether the header names the media type, and does not name the default as better."""
    qualities: dict[str, float] = {}
    for part in accept.split(","):
        message = Message()
        message["Content-Type"] = part.strip().encode("ascii", "replace").decode() or "*/*"
        qualities[message.get_content_type()] = _quality(str(message.get_param("q", "1")))
    quality = qualities.get(media_type, 0.0)
    return quality > 0 and quality >= qualities.get(default, 0.0)


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
