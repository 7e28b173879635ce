"""Writes golden.json: what plain onnxruntime, numpy and OpenCV see in the shared road pictures with yolox_nano.

golden.py SHARED_DATA_FOLDER > golden.json
"""
import glob
import json
import os
import sys

import cv2
import numpy as np
import onnxruntime

SIZE = 416
shared = sys.argv[1]
session = onnxruntime.InferenceSession(f"{shared}/models/yolox_nano.onnx", providers=["CPUExecutionProvider"])
names = open(f"{shared}/models/coco80.names").read().split("\n")


def see(picture):
    height, width = picture.shape[:2]
    scale = min(SIZE / height, SIZE / width)
    small = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_LINEAR)
    padded = np.full((SIZE, SIZE, 3), 114, np.uint8)
    padded[: small.shape[0], : small.shape[1]] = small
    out = session.run(None, {"images": padded.transpose(2, 0, 1)[None].astype(np.float32)})[0][0]
    rows, at = [], 0
    for stride in (8, 16, 32):
        across = SIZE // stride
        for cell in range(across * across):
            x, y = (out[at, 0] + cell % across) * stride, (out[at, 1] + cell // across) * stride
            w, h = np.exp(out[at, 2]) * stride, np.exp(out[at, 3]) * stride
            best = int(out[at, 5:].argmax())
            score = float(out[at, 4] * out[at, 5 + best])
            if score >= 0.3:
                rows.append((score, best, x - w / 2, y - h / 2, x + w / 2, y + h / 2))
            at += 1
    kept = []
    for row in sorted(rows, reverse=True):
        if all(other[1] != row[1] or overlap(other[2:], row[2:]) <= 0.45 for other in kept):
            kept.append(row)
    def share(value, limit):
        return min(1.0, max(0.0, float(value) / scale / limit))
    return [
        {"class": names[k], "score": round(s, 4), "corners": [round(share(v, limit), 5) for v, limit in zip(box, (width, height) * 2)]}
        for s, k, *box in kept
    ]


def overlap(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared_area = max(0, w) * max(0, h)
    return shared_area / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared_area)


files = sorted(glob.glob(f"{shared}/images/road/*.jpg"))[:8]
print(json.dumps({os.path.basename(file): see(cv2.imread(file)) for file in files}, indent=1))
