"""Boxes of a plain onnxruntime and numpy pipeline, as the values that Sentinel must agree with.

    python3 reference.py MODEL.onnx PICTURE... > golden.json

Boxes are [left, top, width, height] in shares of the picture, the winner among those of equal score. The picture is scaled with a triangle filter as wide as the
scale, which is what swscale's and Pillow's "bilinear" do; OpenCV's INTER_LINEAR leaves out most pixels of a picture that is
three times as large, and its boxes differ from those of any filter that reads them all.
"""
import json
import os
import sys

import cv2
import numpy as np
import onnxruntime

SIZE, PADDING, LEAST_SCORE, MOST_OVERLAP, MOST_SCORE_DIFFERENCE = 416, 114, 0.1, 0.45, 0.01


def triangle(source, target):
    """The weights [target, source] of a triangle filter."""
    scale = source / target
    width = max(1.0, scale)
    centres = (np.arange(target) + 0.5) * scale
    weights = np.maximum(0, 1 - np.abs(np.arange(source) + 0.5 - centres[:, None]) / width)
    return weights / weights.sum(1, keepdims=True)


def letterboxed(picture):
    height, width = picture.shape[:2]
    scale = min(SIZE / width, SIZE / height)
    down, across = triangle(height, round(height * scale)), triangle(width, round(width * scale))
    small = np.einsum("yh,hwc,xw->yxc", down, picture.astype(np.float64), across, optimize=True)
    canvas = np.full((SIZE, SIZE, 3), PADDING, np.float32)
    canvas[: len(down), : len(across)] = np.clip(np.round(small), 0, 255)
    return canvas.transpose(2, 0, 1)[None], len(across), len(down)


def decoded(rows):
    """[N, 5 + classes] on the grid to left, top, right, bottom in input pixels, and the scores of each class."""
    cells = [np.mgrid[: SIZE // s, : SIZE // s][::-1].reshape(2, -1).T for s in (8, 16, 32)]
    strides = np.concatenate([np.full((len(c), 1), s) for c, s in zip(cells, (8, 16, 32))])
    centre = (rows[:, :2] + np.concatenate(cells)) * strides
    half = np.exp(rows[:, 2:4]) * strides / 2
    return np.concatenate([centre - half, centre + half], 1), rows[:, 4:5] * rows[:, 5:]


def overlap(one, others):
    low, high = np.maximum(one[:2], others[:, :2]), np.minimum(one[2:], others[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), 1)
    area = np.prod(others[:, 2:] - others[:, :2], 1)
    return shared / (np.prod(one[2:] - one[:2]) + area - shared)


def suppressed(boxes, scores):
    """
    The best class of each row, then greedy suppression, each class for itself. With each box come those it suppressed whose
    score is as good within what may differ: which of them wins is decided by how a picture is rounded.
    """
    kept, names, best = [], scores.argmax(1), scores.max(1)
    for row in np.argsort(-best, kind="stable"):
        if best[row] < LEAST_SCORE:
            break
        same = [k for k in kept if names[k] == names[row]]
        if not same or overlap(boxes[row], boxes[same]).max() <= MOST_OVERLAP:
            kept.append(row)
    for row in kept:
        equal = (names == names[row]) & (best <= best[row]) & (best >= best[row] - MOST_SCORE_DIFFERENCE)
        yield int(names[row]), float(best[row]), boxes[equal & (overlap(boxes[row], boxes) > MOST_OVERLAP)]


def detect(session, path):
    tensor, width, height = letterboxed(cv2.imread(path))
    rows = session.run(None, {session.get_inputs()[0].name: tensor})[0][0].astype(np.float64)
    size = np.array([width, height, width, height])
    for name, score, boxes in suppressed(*decoded(rows)):
        left, top, right, bottom = np.clip(boxes / size, 0, 1).T
        places = np.stack([left, top, right - left, bottom - top], 1)
        yield {"class": name, "score": round(score, 5), "boxes": places.round(6).tolist()}


if __name__ == "__main__":
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    json.dump({os.path.basename(path): list(detect(session, path)) for path in sys.argv[2:]}, sys.stdout)
