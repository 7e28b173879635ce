"""From answers to boxes: what Sentinel does after the model, in numpy. Scores from 0.01, suppression at 0.45 a class."""
import numpy as np

from average_precision import overlaps

LEAST_SCORE, MOST_OVERLAP = 0.01, 0.45


def detections(rows, cells, scale):
    """
    Rows [N, 5 + C] of probabilities, cells [N, 3], scale from picture to input pixels
    → boxes [D, 4] in picture pixels, scores [D], classes [D], best first.
    """
    scores = rows[:, 4:5] * rows[:, 5:]
    best, classes = scores.max(1), scores.argmax(1)
    chosen = np.flatnonzero(best >= LEAST_SCORE)
    boxes = corners(rows[chosen, :4], cells[chosen]) / scale
    kept = suppressed(boxes, best[chosen], classes[chosen])
    return boxes[kept], best[chosen][kept], classes[chosen][kept]


def corners(rows, cells):
    """[D, 4] as the network writes boxes → left, top, right, bottom in input pixels."""
    centre = (rows[:, :2] + cells[:, :2]) * cells[:, 2:]
    half = np.exp(rows[:, 2:4]) * cells[:, 2:] / 2
    return np.concatenate([centre - half, centre + half], 1)


def suppressed(boxes, scores, classes):
    """Greedy non-maximum suppression, each class for itself: indices of what is kept, best first."""
    order = np.argsort(-scores, kind="stable")
    kept = []
    while len(order):
        first, rest = order[0], order[1:]
        kept.append(first)
        covered = (overlaps(boxes[[first]], boxes[rest])[0] > MOST_OVERLAP) & (classes[rest] == classes[first])
        order = rest[~covered]
    return np.array(kept, int)
