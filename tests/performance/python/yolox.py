"""What both Python pipelines share: the grid of YOLOX and a tracker that matches boxes by overlap."""
import numpy as np

SIZE = 416


def grid():
    centres, strides = [], []
    for stride in (8, 16, 32):
        n = SIZE // stride
        ys, xs = np.mgrid[:n, :n]
        centres.append(np.stack([xs, ys], -1).reshape(-1, 2))
        strides.append(np.full((n * n, 1), stride))
    return np.concatenate(centres).astype(np.float32), np.concatenate(strides).astype(np.float32)


def overlaps(box, boxes):
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:4], boxes[:, 2:4])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    return shared / (np.prod(box[2:4] - box[:2]) + np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1) - shared + 1e-9)


class Tracker:
    def __init__(self):
        self.tracks, self.next = {}, 0

    def step(self, boxes):
        left, after = dict(self.tracks), {}
        for box in boxes:
            best, score = None, 0.3
            for number, old in left.items():
                value = overlaps(box, old[None])[0]
                if value > score:
                    best, score = number, value
            if best is None:
                best, self.next = self.next, self.next + 1
            else:
                left.pop(best)
            after[best] = box
        self.tracks = after
        return after
