"""Pictures into the model's input just as Sentinel puts them: `platform/models/letterbox.ts`, top left, filled with 114."""
from functools import lru_cache

import numpy as np

from model import INPUT_HEIGHT, INPUT_WIDTH

PADDING = 114


def fitted(width, height, across=INPUT_WIDTH, down=INPUT_HEIGHT):
    """Scale and size of a picture in an input of across × down."""
    scale = min(across / width, down / height)
    return scale, min(across, round(width * scale)), min(down, round(height * scale))


@lru_cache(maxsize=8)
def triangle(source, target):
    """Weights [target, source] of the triangle filter, as wide as the scale, that swscale calls bilinear."""
    scale = source / target
    centres = (np.arange(target) + 0.5) * scale
    weights = np.maximum(0, 1 - np.abs(np.arange(source) + 0.5 - centres[:, None]) / max(1.0, scale))
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def letterboxed(picture, size=(INPUT_WIDTH, INPUT_HEIGHT)):
    """Picture [h, w, 3] of bytes → input [3, H, W] of float32 0–255, and the scale from picture to input pixels."""
    height, width = picture.shape[:2]
    scale, across, down = fitted(width, height, *size)
    rows = triangle(height, down) @ picture.reshape(height, -1).astype(np.float32)
    small = np.einsum("xw,ywc->cyx", triangle(width, across), rows.reshape(down, width, 3), optimize=True)
    canvas = np.full((3, size[1], size[0]), PADDING, np.float32)
    canvas[:, :down, :across] = small.round().clip(0, 255)
    return canvas, scale
