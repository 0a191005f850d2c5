"""Twenty odd kinds of pictures: each is fitted, or there is one clear sentence."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from outreach.campaign.media import LARGEST_SIDE, fit_media, fit_thumb
from outreach.model.media import FittedMedium
from outreach.model.post import Medium, PostVersion
from outreach.networks.registry import network_of

GPS = 0x8825


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    into = io.BytesIO()
    picture.save(into, form, **options)
    return into.getvalue()


def drawn(mode: str = "RGB", size: tuple[int, int] = (80, 40)) -> Image.Image:
    """Dark, with a light mark in its upper left corner."""
    picture = Image.new("RGB", size, "navy")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 8, size[1] // 8), fill="white")
    return picture.convert(mode)


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 120).convert("RGB")


def camera(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of Alex"
    exif.get_ifd(GPS)[2] = (50.0, 51.0, 1.0)
    return exif


def moving(form: str) -> bytes:
    frames = [drawn().resize((60, 30)), Image.new("RGB", (60, 30), "red")]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)


def header_only(width: int, height: int) -> bytes:
    """A PNG that claims to be that large, and holds nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def palette_with_transparency() -> bytes:
    picture = drawn().quantize(8)
    picture.info["transparency"] = 0
    return saved(picture, "PNG", transparency=0)


FITTED: dict[str, Callable[[], tuple[str, bytes]]] = {
    "CMYK": lambda: ("a.jpg", saved(drawn("CMYK"), "JPEG")),
    "grey": lambda: ("a.png", saved(drawn("L"), "PNG")),
    "grey with alpha": lambda: ("a.png", saved(drawn("LA"), "PNG")),
    "one bit": lambda: ("a.png", saved(drawn("1"), "PNG")),
    "16 bit": lambda: ("a.png", saved(Image.new("I;16", (80, 40), 40_000), "PNG")),
    "palette with transparency": lambda: ("a.png", palette_with_transparency()),
    "YCbCr TIFF": lambda: ("a.tif", saved(drawn(), "TIFF")),
    "floating TIFF": lambda: ("a.tif", saved(drawn("F"), "TIFF")),
    "BMP": lambda: ("a.bmp", saved(drawn(), "BMP")),
    "ICO": lambda: ("a.ico", saved(drawn(size=(64, 64)), "ICO")),
    "GIF": lambda: ("a.gif", saved(drawn(), "GIF")),
    "WebP": lambda: ("a.webp", saved(drawn(), "WEBP")),
    "1x1": lambda: ("a.png", saved(drawn(size=(1, 1)), "PNG")),
    "progressive": lambda: ("a.jpg", saved(drawn(), "JPEG", progressive=True)),
    "GPS": lambda: ("a.jpg", saved(drawn(), "JPEG", exif=camera())),
    "GPS in a PNG": lambda: ("a.png", saved(drawn(), "PNG", exif=camera())),
    "GPS in a WebP": lambda: ("a.webp", saved(drawn(), "WEBP", exif=camera())),
    "a comment": lambda: ("a.jpg", saved(drawn(), "JPEG", comment=b"made by Alex at home")),
    "MPO": lambda: ("a.jpg", saved(drawn(), "MPO", save_all=True, append_images=[drawn()])),
    "wrong suffix": lambda: ("a.jpg", saved(drawn(), "PNG")),
    "extreme ratio": lambda: ("a.png", saved(drawn(size=(9000, 3)), "PNG")),
    "large": lambda: ("a.png", saved(noise((2400, 1200)), "PNG")),
    "JPEG 2000": lambda: ("a.jp2", saved(drawn(), "JPEG2000")),
}
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zero bytes": ("a.png", lambda: b"", "is not a picture"),
    "not an image": ("a.png", lambda: b"%PDF-1.7 words", "is not a picture"),
    "SVG": ("a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a picture"),
    "HTML": ("a.jpg", lambda: b"<html>404</html>", "is not a picture"),
    "truncated JPEG": ("a.jpg", lambda: saved(noise((400, 300)), "JPEG")[:9000], "is damaged"),
    "truncated PNG": ("a.png", lambda: saved(noise((400, 300)), "PNG")[:9000], "is damaged"),
    "truncated GIF": ("a.gif", lambda: saved(noise((90, 90)), "GIF")[:900], "is damaged"),
    "head only": ("a.jpg", lambda: saved(drawn(), "JPEG")[:20], "is not a picture"),
    "claims a billion pixels": ("a.png", lambda: header_only(40_000, 40_000), "has 1600 million pixels"),
    "claims 120 million": ("a.png", lambda: header_only(10_000, 10_000), "is damaged"),
    "moving GIF": ("a.gif", lambda: moving("GIF"), "moves"),
    "moving WebP": ("a.webp", lambda: moving("WEBP"), "moves"),
    "moving PNG": ("a.png", lambda: moving("PNG"), "moves"),
    "a film": ("a.mp4", lambda: b"film", "is a film"),
}


def fitted(root: Path, name: str, content: bytes, network: str) -> tuple[list[FittedMedium], list[str]]:
    (root / name).write_bytes(content)
    version = PostVersion(
        post="p",
        network=network,
        file="posts/p.md",
        body="",
        media=(Medium(file=name, alt="A", written_in="posts/p.md"),),
    )
    media, problems = fit_media(root, version)
    return media, [problem.message for problem in problems]


@pytest.mark.parametrize("network", ["bluesky", "mastodon"])
@pytest.mark.parametrize("kind", FITTED)
def test_an_odd_picture_is_fitted(kind: str, network: str, tmp_path: Path) -> None:
    name, content = FITTED[kind]()
    (medium,), problems = fitted(tmp_path, name, content, network)
    assert problems == []
    assert medium.size == len(medium.content) <= network_of(network).media.bytes
    assert medium.media_type in ("image/jpeg", "image/png", "image/webp")
    with Image.open(io.BytesIO(medium.content)) as seen, Image.open(io.BytesIO(content)) as given:
        seen.load()
        assert (Image.MIME[str(seen.format)], seen.size) == (medium.media_type, (medium.width, medium.height))
        assert max(seen.size) <= LARGEST_SIDE
        assert not seen.getexif()
        assert b"Alex" not in medium.content
        scale = seen.width / given.width
        assert abs(seen.height - given.height * scale) <= 2


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_used_is_one_sentence(kind: str, tmp_path: Path) -> None:
    name, make, why = REFUSED[kind]
    media, problems = fitted(tmp_path, name, make(), "bluesky")
    assert media == []
    (message,) = problems
    assert why in message


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_turned_upright(orientation: int, tmp_path: Path) -> None:
    """The mark is where a viewer that follows EXIF shows it."""
    turned = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    (medium,), _ = fitted(tmp_path, "a.jpg", saved(drawn(), "JPEG", exif=camera(orientation)), "bluesky")
    with Image.open(io.BytesIO(medium.content)) as seen:
        assert seen.size == ((80, 40) if orientation < 5 else (40, 80))
        corner = seen.convert("L").getpixel((turned[0] * (seen.width - 1), turned[1] * (seen.height - 1)))
    assert isinstance(corner, int | float)
    assert corner > 200


def test_a_hundred_megapixels_are_made_smaller(tmp_path: Path) -> None:
    picture = Image.new("1", (10_000, 10_000))
    (medium,), problems = fitted(tmp_path, "a.png", saved(picture, "PNG"), "bluesky")
    assert problems == []
    assert (medium.width, medium.height) == (LARGEST_SIDE, LARGEST_SIDE)


def test_transparency_stays(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (5000, 50), (255, 0, 0, 0))
    (medium,), _ = fitted(tmp_path, "a.png", saved(picture, "PNG"), "bluesky")
    with Image.open(io.BytesIO(medium.content)) as seen:
        assert seen.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_picture_that_fits_stays_byte_for_byte(tmp_path: Path) -> None:
    content = saved(drawn(), "PNG")
    (medium,), _ = fitted(tmp_path, "a.png", content, "bluesky")
    assert medium.content == content


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_goes_on_moving_on_mastodon_or_is_refused(form: str, tmp_path: Path) -> None:
    (medium,), _ = fitted(tmp_path, "a.gif", moving(form), "mastodon")
    assert (medium.content, medium.media_type) == (moving(form), f"image/{form.lower()}")
    big = saved(Image.new("P", (5000, 9)), form, save_all=True, append_images=[Image.new("RGB", (5000, 9), "red")])
    _, (message,) = fitted(tmp_path, "b.gif", big, "mastodon")
    assert "would stop moving" in message


def test_sixteen_bits_keep_their_greys(tmp_path: Path) -> None:
    (medium,), _ = fitted(tmp_path, "a.png", saved(Image.new("I;16", (80, 40), 32_768), "PNG"), "bluesky")
    with Image.open(io.BytesIO(medium.content)) as seen:
        assert abs(seen.convert("L").getpixel((9, 9)) - 128) < 3  # type: ignore[operator]


def test_a_thumb_is_at_most_a_million_bytes_and_stands_still() -> None:
    for content in (saved(noise((3000, 2000)), "PNG"), moving("GIF"), moving("WEBP")):
        thumb = fit_thumb(content, "thumb")
        assert isinstance(thumb, FittedMedium)
        assert thumb.size <= 1_000_000
        with Image.open(io.BytesIO(thumb.content)) as seen:
            assert getattr(seen, "n_frames", 1) == 1
    assert fit_thumb(b"<svg/>", "thumb") == "is not a picture that can be read"


def test_a_large_picture_is_decoded_once_and_stays_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".outreach").mkdir()
    into = io.BytesIO()
    Image.effect_noise((1400, 1400), 90).convert("RGB").save(into, "JPEG", quality=95, comment=b"who took it")
    for network in ("bluesky", "mastodon"):
        (first,), problems = fitted(tmp_path, "large.jpg", into.getvalue(), network)
        assert problems == []
        with monkeypatch.context() as blind:
            blind.setattr(Image, "open", None)
            (again,), problems = fitted(tmp_path, "large.jpg", into.getvalue(), network)
        assert (again, again.content, problems) == (first, first.content, [])
    for kept in (tmp_path / ".outreach" / "cache" / "media").iterdir():
        kept.write_bytes(kept.read_bytes().replace(b"\xff", b"\xfe"))
    (fixed,), _ = fitted(tmp_path, "large.jpg", into.getvalue(), "mastodon")
    assert fixed.content == first.content
