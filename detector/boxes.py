"""Boxes as left, top, right, bottom in input pixels."""
import math

import torch

#: Keeps exp() finite when an untrained network answers wildly: no side exceeds e⁶ strides.
MOST_LOGARITHM = 6.0


def decoded(answers, cells):
    """Raw columns [B, N, 4] and cells [N, 3] (see `model.cells`) → boxes [B, N, 4]."""
    stride = cells[:, 2:]
    centre = (answers[..., :2] + cells[:, :2]) * stride
    half = answers[..., 2:4].clamp(max=MOST_LOGARITHM).exp() * stride / 2
    return torch.cat([centre - half, centre + half], -1)


def area(boxes):
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)


def overlap(one, other, eps=1e-7):
    """Intersection over union of boxes that broadcast against each other: [..., 4] × [..., 4] → [...]."""
    low = torch.maximum(one[..., :2], other[..., :2])
    high = torch.minimum(one[..., 2:], other[..., 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    return shared / (area(one) + area(other) - shared + eps)


def complete_overlap(one, other, eps=1e-7):
    """CIoU (Zheng et al., arXiv:1911.08287): overlap less centre distance and difference of aspect; at most 1."""
    share = overlap(one, other)
    low = torch.minimum(one[..., :2], other[..., :2])
    high = torch.maximum(one[..., 2:], other[..., 2:])
    diagonal = (high - low).square().sum(-1) + eps
    distance = (one[..., :2] + one[..., 2:] - other[..., :2] - other[..., 2:]).square().sum(-1) / 4
    aspect = 4 / math.pi**2 * (angle(one) - angle(other)).square()
    with torch.no_grad():
        weight = aspect / (1 - share + aspect + eps)
    return share - distance / diagonal - weight * aspect


def angle(boxes):
    """Arc tangent of width over height."""
    width, height = (boxes[..., 2:] - boxes[..., :2]).clamp(min=1e-3).unbind(-1)
    return torch.atan(width / height)
