"""COCO's average precision (Lin et al., arXiv:1405.0312): 101 recall points, IoU 0.50 to 0.95, ignored truth and detections."""
from dataclasses import dataclass

import numpy as np

THRESHOLDS = np.arange(0.5, 1.0, 0.05)
RECALLS = np.linspace(0, 1, 101)
MOST_DETECTIONS = 100


@dataclass
class Judged:
    """Detections of one class in one picture, best first: [D] scores, [T, D] whether right and whether not counted."""

    scores: np.ndarray
    right: np.ndarray
    ignored: np.ndarray
    truths: int


def overlaps(boxes, truth):
    """[D, 4] × [M, 4] → [D, M] intersection over union."""
    low = np.maximum(boxes[:, None, :2], truth[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], truth[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    sizes = lambda rows: (rows[:, 2:] - rows[:, :2]).prod(-1)
    return shared / np.maximum(sizes(boxes)[:, None] + sizes(truth)[None] - shared, 1e-9)


def judge(boxes, scores, truth, asked, is_small):
    """
    Matches detections [D, 4] to truth [M, 4], best score first, what is asked for before what is not.

    `asked` [M] says which truths count; `is_small(boxes)` which unmatched detections are too small to be wrong.
    """
    order = np.argsort(-scores, kind="stable")[:MOST_DETECTIONS]
    boxes, scores = boxes[order], scores[order]
    first = np.argsort(~asked, kind="stable")
    table = overlaps(boxes, truth[first])
    asked = asked[first]
    right = np.zeros((len(THRESHOLDS), len(boxes)), bool)
    ignored = np.zeros_like(right)
    for row, threshold in enumerate(THRESHOLDS):
        matches = matched(table, asked, threshold)
        found = matches >= 0
        right[row] = found & asked[matches] if len(asked) else found
        ignored[row] = (found & ~right[row]) | (~found & is_small(boxes))
    return Judged(scores, right, ignored, int(asked.sum()))


def matched(table, asked, threshold):
    """[D] index of the truth that each detection takes, -1 for none; a truth that is asked for is taken once, before others."""
    taken = np.zeros(table.shape[1], bool)
    matches = np.full(len(table), -1)
    for row, overlap in enumerate(table):
        for group in (asked, ~asked):
            free = np.where(group & ~taken & (overlap >= threshold), overlap, -1)
            if len(free) and free.max() > 0:
                matches[row] = free.argmax()
                taken[matches[row]] = asked[matches[row]]
                break
    return matches


def average_precision(judged):
    """AP at each of the ten thresholds, of all pictures' detections of one class; None where nothing is asked for."""
    truths = sum(one.truths for one in judged)
    if truths == 0:
        return None
    order = np.argsort(-np.concatenate([one.scores for one in judged]), kind="stable")
    right = np.concatenate([one.right for one in judged], 1)[:, order]
    counted = ~np.concatenate([one.ignored for one in judged], 1)[:, order]
    return np.array([interpolated(hit[use], truths) for hit, use in zip(right, counted)])


def interpolated(right, truths):
    """Mean over 101 recalls of the best precision at that recall or a higher one."""
    hits = np.cumsum(right)
    precision = hits / np.arange(1, len(right) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(hits / truths, RECALLS, side="left")
    return np.where(at < len(best), np.append(best, 0)[np.minimum(at, len(best))], 0).mean()
