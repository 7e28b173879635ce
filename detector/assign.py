"""Which cells answer for which object: task-aligned assignment (Feng et al., TOOD, arXiv:2108.07755)."""
from dataclasses import dataclass

import torch

from boxes import overlap

#: Exponents of score and overlap in the alignment, and cells for an object, as in the paper's successors.
SCORE_POWER, OVERLAP_POWER, CELLS_FOR_ONE = 0.5, 4.0, 9
#: On the finest level an object claims cells whose centres lie this near to its own, pixels, however small it is.
REACH = 7.0


@dataclass
class Assignment:
    """For one picture of N cells."""

    #: [N] index of the object that a cell answers for, -1 for none.
    objects: torch.Tensor
    #: [N] how much it counts for its object: 1 for the cell that does best, however badly.
    share: torch.Tensor
    #: [N] how well it does, 0–1: what objectness learns.
    quality: torch.Tensor
    #: [N] cells that must neither say object nor background.
    ignored: torch.Tensor


@torch.no_grad()
def assign(boxes, scores, cells, truth, classes, ignore):
    """
    boxes [N, 4] in pixels, scores [N, C] of 0–1 (objectness · class), cells [N, 3] → Assignment.

    truth [M, 4] with classes [M] are to be found; ignore [K, 4] covers what nobody is asked about.
    """
    centres = (cells[:, :2] + 0.5) * cells[:, 2:]
    ignored = candidates(centres, cells[:, 2], ignore).any(0)
    if len(truth) == 0:
        return Assignment(torch.full((len(cells),), -1), torch.zeros(len(cells)), torch.zeros(len(cells)), ignored)
    overlaps = overlap(truth[:, None], boxes[None])
    alignment = scores[:, classes].T ** SCORE_POWER * (overlaps + 1e-4) ** OVERLAP_POWER
    alignment = alignment * candidates(centres, cells[:, 2], truth)
    chosen = best_cells(alignment)
    chosen &= overlaps == torch.where(chosen, overlaps, torch.full_like(overlaps, -1)).max(0).values
    objects = torch.where(chosen.any(0), chosen.int().argmax(0), torch.full((len(cells),), -1))
    share = shares(alignment * chosen)
    quality = share * (overlaps * chosen).max(1, keepdim=True).values
    return Assignment(objects, share.max(0).values, quality.max(0).values, ignored & (objects < 0))


def inside(centres, boxes):
    """[M, N] whether each centre lies in each box."""
    return ((centres[None] > boxes[:, None, :2]) & (centres[None] < boxes[:, None, 2:])).all(-1)


def candidates(centres, strides, truth):
    """[M, N] cells whose centre lies in the object, or on the finest level within reach of its centre."""
    middle = (truth[:, None, :2] + truth[:, None, 2:]) / 2
    near = ((centres[None] - middle).abs() < REACH).all(-1) & (strides == strides.min())
    return inside(centres, truth) | near


def best_cells(alignment):
    """[M, N] the cells of highest alignment of each object; cells that are no candidates have none."""
    top = alignment.topk(min(CELLS_FOR_ONE, alignment.shape[1]), dim=1)
    chosen = torch.zeros_like(alignment, dtype=torch.bool)
    return chosen.scatter_(1, top.indices, top.values > 0)


def shares(alignment):
    """[M, N] alignment of each object's cells, its best cell being 1."""
    return alignment / (alignment.max(1, keepdim=True).values + 1e-12)
