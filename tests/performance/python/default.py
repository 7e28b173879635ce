"""A pipeline as people run it: default session options, plain numpy, suppression in a loop. Prints CPU ms a frame."""
import sys
import time

import cv2
import numpy as np
import onnxruntime
from yolox import SIZE, Tracker, grid, overlaps

FRAMES = 80
session = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
video = cv2.VideoCapture(sys.argv[1])
tracker = Tracker()


def detect(frame):
    scale = min(SIZE / frame.shape[0], SIZE / frame.shape[1])
    small = cv2.resize(frame, (int(frame.shape[1] * scale), int(frame.shape[0] * scale)))
    padded = np.ones((SIZE, SIZE, 3), dtype=np.uint8) * 114
    padded[: small.shape[0], : small.shape[1]] = small
    tensor = np.ascontiguousarray(padded.transpose(2, 0, 1), dtype=np.float32)[None]
    out = session.run(None, {"images": tensor})[0][0]
    centres, strides = grid()
    centre = (out[:, :2] + centres) * strides
    half = np.exp(out[:, 2:4]) * strides / 2
    scores = out[:, 4:5] * out[:, 5:]
    boxes = []
    for name in range(scores.shape[1]):
        for row in np.flatnonzero(scores[:, name] > 0.1):
            boxes.append(np.concatenate([centre[row] - half[row], centre[row] + half[row], [scores[row, name], name]]))
    boxes.sort(key=lambda box: -box[4])
    kept = []
    for box in boxes:
        if all(box[5] != other[5] or overlaps(box, other[None])[0] < 0.45 for other in kept):
            kept.append(box)
    return tracker.step(kept)


detect(video.read()[1])
started = time.process_time()
for _ in range(FRAMES):
    detect(video.read()[1])
print((time.process_time() - started) * 1000 / FRAMES)
