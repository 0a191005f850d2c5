"""Markdown with values in it -> a text part and an HTML part that say the same.

`shape` converts a skeleton once; `fill` joins the values of one letter in, as plain text wherever they
stand. `letters` carries values through the conversions, `dialect` reads Markdown as campaigners write
it, `conversion` makes a sanitised `tree` of it, `text_part` and `html_part` write that out.
"""

from __future__ import annotations

from outreach.letters.markup.pieces import BadLink, Context, LostValue, Piece, Shape, Slot, fill, writer_of
from outreach.letters.markup.shaping import shape
