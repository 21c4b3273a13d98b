"""Makes the files beside it with Debian's python3-pil and python3-numpy: python3 make_samples.py

upright-N.jpg   one picture, stored as EXIF's orientation N says it is turned
photo.jpg       a smooth picture, photo-progressive.jpg the same as a progressive file
*.png           a picture in the modes that PIL writes
expected.npz    what PIL makes of the pictures: bytes as stored, and resized
"""
import os

import numpy as np
from PIL import Image, ImageOps

here = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(here, name)


def picture(height, width, channels):
    """The picture that the tests make by the same formula."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    return ((x * 7 + y * 13 + c * 31 + (x * y) % 17 * 5) % 256).astype(np.uint8)


expected = {}

# Four corners of their own color.
corners = np.zeros((16, 24, 3), np.uint8)
corners[:8, :12], corners[:8, 12:], corners[8:, :12], corners[8:, 12:] = (230, 30, 30), (30, 200, 30), (30, 30, 230), (240, 240, 240)
upright = Image.fromarray(corners)
stored = {1: None, 2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM, 5: Image.TRANSPOSE, 6: Image.ROTATE_90,
          7: Image.TRANSVERSE, 8: Image.ROTATE_270}
for orientation, method in stored.items():
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "TinyNet"
    image = upright if method is None else upright.transpose(method)
    image.save(path(f"upright-{orientation}.jpg"), quality=95, subsampling=0, exif=exif)
    back = np.asarray(ImageOps.exif_transpose(Image.open(path(f"upright-{orientation}.jpg"))))
    assert back.shape == corners.shape and np.abs(back.astype(int) - corners).max() < 30, orientation
expected["upright"] = corners

y, x = np.mgrid[0:40, 0:56]
smooth = np.stack([128 + 90 * np.sin(x / 9), 128 + 80 * np.cos(y / 7), 60 + 2 * x + y], -1).clip(0, 255).astype(np.uint8)
Image.fromarray(smooth).save(path("photo.jpg"), quality=92, subsampling=0)
Image.fromarray(smooth).save(path("photo-progressive.jpg"), quality=92, subsampling=0, progressive=True)
Image.fromarray(smooth[..., 0]).save(path("photo-gray.jpg"), quality=92)
Image.fromarray(255 - np.concatenate([smooth, smooth[..., :1] // 4], -1), "CMYK").save(path("photo-cmyk.jpg"), quality=92)
for name in ("photo", "photo-progressive", "photo-gray", "photo-cmyk"):
    expected[name] = np.asarray(Image.open(path(name + ".jpg")).convert("RGB"))
expected["photo-brightness"] = np.asarray(Image.open(path("photo.jpg")).convert("L"))

# Modes of PNG, with what PIL says they show on white.
rgb = Image.fromarray(picture(9, 11, 3))
alpha = Image.fromarray(picture(9, 11, 4), "RGBA")
white = Image.new("RGBA", (11, 9), (255, 255, 255, 255))
modes = {
    "rgb": rgb,
    "gray": Image.fromarray(picture(9, 11, 1)[..., 0]),
    "bits": Image.fromarray(picture(9, 11, 1)[..., 0]).convert("1"),
    "palette": rgb.quantize(13),
    "palette-transparent": alpha.quantize(13, method=Image.Quantize.FASTOCTREE),
    "gray-alpha": Image.fromarray(picture(9, 11, 2), "LA"),
    "rgb-alpha": alpha,
}
for name, image in modes.items():
    image.save(path(f"{name}.png"), optimize=True)
    shown = Image.open(path(f"{name}.png")).convert("RGBA")
    expected[name] = np.asarray(Image.alpha_composite(white, shown).convert("RGB"))
deep = (np.arange(9 * 11, dtype=np.uint16).reshape(9, 11) * 661)
Image.fromarray(deep, "I;16").save(path("gray-16.png"))
expected["gray-16"] = deep

# Resizing: height, width -> height, width; bytes as users get them, and floats without the roundings in between.
for height, width, toHeight, toWidth in ((37, 53, 16, 16), (8, 6, 20, 21), (23, 23, 23, 23), (12, 50, 7, 31), (120, 61, 9, 5), (3, 5, 8, 8)):
    source = picture(height, width, 3)
    key = f"{height}x{width}to{toHeight}x{toWidth}"
    size = (toWidth, toHeight)
    expected[f"stretch-{key}"] = np.asarray(Image.fromarray(source).resize(size, Image.BILINEAR))
    expected[f"crop-{key}"] = np.asarray(ImageOps.fit(Image.fromarray(source), size, Image.BILINEAR))
    planes = [Image.fromarray(source[..., c].astype(np.float32), "F") for c in range(3)]
    expected[f"stretch-float-{key}"] = np.stack([np.asarray(p.resize(size, Image.BILINEAR)) for p in planes])
    expected[f"crop-float-{key}"] = np.stack([np.asarray(ImageOps.fit(p, size, Image.BILINEAR)) for p in planes])
expected["brightness"] = np.asarray(Image.fromarray(picture(9, 11, 3)).convert("L"))

np.savez_compressed(path("expected.npz"), **expected)
