"""Pictures that posts carry: fitted to their network, and without what a camera wrote into them.

A picture that fits as it is and tells nothing but itself stays byte for byte; any other is turned upright,
stripped of EXIF and GPS, made smaller if need be, and written again.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from outreach import storage
from outreach.campaign.private import CACHE, FOLDER, make_cache, write_whole
from outreach.errors import TooLarge
from outreach.model.lookups import Card
from outreach.model.media import FittedMedium
from outreach.model.post import Medium, PostVersion
from outreach.model.problem import Problem
from outreach.networks.base import MediaRules
from outreach.networks.registry import network_of

if TYPE_CHECKING:
    from PIL import Image

_FOLDER = f"{CACHE}/media"
_VERSION = "1"
"""To be counted up when pictures are made to fit in another way."""
_SMALL = 100_000
"""Bytes: what is smaller is decoded as fast as it is looked up."""
_LARGEST = 100_000_000


def fitted_once(root: Path, content: bytes, rules: object, fit: Callable[[], FittedMedium]) -> FittedMedium:
    """What `fit` makes of `content` under these rules, from the cache where it is there. Raises what `fit` raises."""
    if len(content) < _SMALL:
        return fit()
    key = hashlib.sha256(f"{_VERSION} {rules!r}\n".encode() + content).hexdigest()
    made = _kept(root, key, content)
    if made is None:
        made = fit()
        _keep(root, key, made, is_same=made.content == content)
    return made


def _kept(root: Path, key: str, content: bytes) -> FittedMedium | None:
    """The medium under that key, if all of it is still what was kept."""
    try:
        head, _, data = storage.read(root, f"{_FOLDER}/{key}", _LARGEST).partition(b"\n")
        said = json.loads(head)
        data = content if said.pop("same") else data
        made = FittedMedium(**said, content=data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return made if hashlib.sha256(data).hexdigest() == made.sha256 and len(data) == made.size else None


def _keep(root: Path, key: str, made: FittedMedium, *, is_same: bool) -> None:
    """Where that cannot be done, the next command fits it again."""
    if not storage.is_folder(root, FOLDER):
        return
    names = ("file", "media_type", "sha256", "size", "width", "height")
    head = json.dumps({**{name: getattr(made, name) for name in names}, "same": is_same}).encode()
    try:
        make_cache(root)
        write_whole(root, f"{_FOLDER}/{key}", head + b"\n" + (b"" if is_same else made.content))
    except OSError:
        return


LARGEST = 100_000_000
"""Bytes: a film that Mastodon takes has 99 MB at most."""
MOST_PIXELS = 120_000_000
"""More is a decompression bomb, or of no use on a screen."""
LARGEST_SIDE = 4096
MOST_OF_A_THUMB = 1_000_000
"""Bytes: lexicon `app.bsky.embed.external`, `thumb`."""
_MOVING = frozenset(("GIF", "WEBP", "PNG"))
"""An MPO or TIFF has further pictures too, which nobody sees moving."""
KEPT = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_KEPT_MOVING = {**KEPT, "GIF": "image/gif"}
_SMALLER = "Make it smaller than 4,096 pixels a side, and save it without comments."
_QUALITIES = (90, 82, 74, 66, 58, 50)
_FILMS = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
}
MEDIA_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".gif", *_FILMS))
"""How the names of files end that a post can carry."""


class _Unusable(Exception):
    """Why a picture cannot go out: a sentence's end, and what would fix it."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


def fit_media(root: Path, version: PostVersion) -> tuple[list[FittedMedium], list[Problem]]:
    """The media of a version as its network takes them, and a Problem for each that it does not."""
    rules = network_of(version.network).media
    if rules is None:
        return [], []
    fitted: list[FittedMedium] = []
    problems = list(_too_many(version, rules.most))
    for medium in version.media:
        try:
            content = storage.read(root, medium.file, LARGEST)
            fitted.append(_fitted_as(root, content, medium.file, rules))
        except TooLarge as error:
            problems.append(_problem(version, medium, f"The picture {medium.file!r}: {error.strerror}.", _SMALLER))
        except OSError:
            continue  # said elsewhere, with its line
        except _Unusable as fault:
            problems.append(_problem(version, medium, f"The picture {medium.file!r} {fault.why}.", fault.hint))
    return fitted, problems


def _fitted_as(root: Path, content: bytes, file: str, rules: MediaRules) -> FittedMedium:
    """The file as a network with these rules takes it. Raises _Unusable."""
    made = fitted_once(root, content, (rules, PurePath(file).suffix.lower()), lambda: fit(content, file, rules))
    return replace(made, file=file)


def _too_many(version: PostVersion, most: int) -> Iterable[Problem]:
    if len(version.media) > most:
        message = f"{version.network} takes {most} pictures in a post, and this one has {len(version.media)}."
        yield _problem(
            version, version.media[most], message, "Remove some, or write a version of the post for this network."
        )


def _problem(version: PostVersion, medium: Medium, message: str, hint: str) -> Problem:
    return Problem(
        file=medium.written_in, line=medium.line, code="media-unusable", message=message, hint=hint,
        about=f"post:{version.post}",
    )  # fmt: skip


def fit(content: bytes, shown: str, rules: MediaRules) -> FittedMedium:
    """The content of one file as a network with these rules takes it. Raises _Unusable."""
    if PurePath(shown).suffix.lower() in _FILMS:
        return _film(content, shown, rules)
    return _fit_picture(content, shown, rules.bytes, may_move=rules.may_move)


def fit_thumb(content: bytes, shown: str) -> FittedMedium | str:
    """The picture of a link card, of a moving one its first frame; else why it cannot be used: a sentence's end."""
    try:
        return _fit_picture(content, shown, MOST_OF_A_THUMB, may_move=True, moving=False)
    except _Unusable as fault:
        return fault.why


def thumbs(root: Path, cards: Mapping[str, Card]) -> dict[str, FittedMedium]:
    """The pictures of the cards that were looked up, by the card's address; what is not there is left out."""
    found: dict[str, FittedMedium] = {}
    for address, card in cards.items():
        if not card.thumb:
            continue
        try:
            fitted = fit_thumb(storage.read(root, card.thumb, LARGEST), card.thumb)
        except OSError:
            continue
        if isinstance(fitted, FittedMedium):
            found[address] = fitted
    return found


def _fit_picture(content: bytes, shown: str, most: int, *, may_move: bool, moving: bool = True) -> FittedMedium:
    """`may_move`: a moving picture is taken; `moving`: and may go on moving. Raises _Unusable."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the bound is ours, and is asked before a pixel is decoded
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as picture:
                _refuse(picture, may_move=may_move)
                if _stays(picture, content, most, moving=moving):
                    return _fitted(shown, _KEPT_MOVING[str(picture.format)], content, picture.size)
                if moving and _moves(picture):
                    raise _Unusable("is animated, and would stop moving when it is made smaller", _SMALLER)
                return _written_again(shown, picture, most)
    except UnidentifiedImageError as error:
        raise _Unusable("is not a picture that can be read", "Save it as JPEG, PNG or WebP.") from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError) as error:
        raise _Unusable("is damaged", "Save it again as JPEG, PNG or WebP.") from error


def _film(content: bytes, shown: str, rules: MediaRules) -> FittedMedium:
    if not rules.films:
        raise _Unusable("is a film or sound, which is published by hand on Bluesky", "Take a picture for this network.")
    return FittedMedium(
        file=shown, media_type=_FILMS[PurePath(shown).suffix.lower()], sha256=hashlib.sha256(content).hexdigest(),
        size=len(content), content=content,
    )  # fmt: skip


def _refuse(picture: Image.Image, *, may_move: bool) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise _Unusable(f"has {width * height // 1_000_000} million pixels", "Make it smaller than 120 million.")
    if _moves(picture) and not may_move:
        raise _Unusable("moves, and Bluesky would show only its first frame", "Save the frame that you mean.")


def _moves(picture: Image.Image) -> bool:
    return picture.format in _MOVING and getattr(picture, "n_frames", 1) > 1


def _stays(picture: Image.Image, content: bytes, most: int, *, moving: bool) -> bool:
    """Whether it can go out as it is: small enough, upright, and without anything but itself."""
    plain = not picture.getexif() and not {"comment", "xmp", "XML:com.adobe.xmp", "photoshop"} & set(picture.info)
    usual = (picture.format in KEPT or (picture.format == "GIF" and _moves(picture))) and picture.mode in (
        "RGB",
        "RGBA",
        "L",
        "P",
        "LA",
    )
    if (
        usual
        and plain
        and max(picture.size) <= LARGEST_SIDE
        and len(content) <= most
        and (moving or not _moves(picture))
    ):
        picture.load()  # a file that ends too early is said here
        return True
    return False


def _written_again(shown: str, picture: Image.Image, most: int) -> FittedMedium:
    """Upright, without metadata, in the best quality that fits, and smaller where none does."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):  # 16 bit, which a plain conversion would make white
        upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    has_alpha = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    while True:
        for content, media_type in _tries(plain, has_alpha=has_alpha):
            if len(content) <= most:
                return _fitted(shown, media_type, content, plain.size)
        width, height = plain.size
        plain = plain.resize((max(1, width * 4 // 5), max(1, height * 4 // 5)))


def _tries(picture: Image.Image, *, has_alpha: bool) -> Iterable[tuple[bytes, str]]:
    if has_alpha:
        yield _saved(picture, "PNG", optimize=True), KEPT["PNG"]
        return
    for quality in _QUALITIES:
        yield _saved(picture, "JPEG", quality=quality, optimize=True, progressive=True), KEPT["JPEG"]


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    clean = picture.copy()
    clean.info.clear()
    into = io.BytesIO()
    clean.save(into, form, **options)
    return into.getvalue()


def _fitted(shown: str, media_type: str, content: bytes, size: tuple[int, int]) -> FittedMedium:
    return FittedMedium(
        file=shown,
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        width=size[0],
        height=size[1],
        content=content,
    )
