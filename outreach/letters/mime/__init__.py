"""Letters as bytes: the same letter gives the same bytes on any machine.

Pure computing, and much faster than one `EmailMessage` per contact: header lines that letters have
in common are encoded once and kept, attachments are encoded once and spliced in by reference.
Nothing here knows a clock or draws random numbers; a `Date` header is added by whoever sends.
"""

from outreach.letters.mime.attachments import EncodedAttachment, encode_attachment
from outreach.letters.mime.building import (
    ADDRESS,
    Assembled,
    Printable,
    as_bytes,
    assembled,
    build,
    digest,
    printable_line,
    without_attachments,
)
from outreach.letters.mime.comparing import ENOUGH, Content, content_of_message, differences, is_same_letter, pieces
from outreach.letters.mime.faults import faults, parse_back, parse_headers_back, reads_as_planned
from outreach.letters.mime.freezing import (
    Envelope,
    FrozenView,
    base64_body,
    content_of,
    envelope,
    freeze,
    thaw,
    view,
)
from outreach.letters.mime.message import Message, header_names, message_id
