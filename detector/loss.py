"""What training minimises: where (CIoU), whether (objectness), what (classes)."""
import torch
from torch.nn import functional

from assign import assign
from boxes import complete_overlap, decoded

BOX_WEIGHT, OBJECTNESS_WEIGHT, CLASS_WEIGHT = 5.0, 1.0, 2.0


def detection_loss(answers, cells, targets):
    """
    answers [B, N, 5 + C] as logits; cells [N, 3]; targets: for each picture (truth [M, 4], classes [M], ignore [K, 4]).

    Returns the sum of the three parts, and each part as a number. All are means over the objects' cells, so that every object
    counts the same: the small one that is still badly placed as much as the large one that is well placed.
    """
    boxes = decoded(answers[..., :4], cells)
    scores = (answers[..., 4:5].sigmoid() * answers[..., 5:].sigmoid()).detach()
    assigned = [assign(box.detach(), score, cells, *target) for box, score, target in zip(boxes, scores, targets)]
    quality = torch.stack([one.quality for one in assigned])
    asked = ~torch.stack([one.ignored for one in assigned])
    share = torch.stack([one.share for one in assigned])
    total = share.sum().clamp(min=1.0)
    positive = torch.stack([one.objects for one in assigned]) >= 0
    truth, classes = answers_wanted(assigned, targets)
    weight = share[positive]
    where = ((1 - complete_overlap(boxes[positive], truth)) * weight).sum() / total
    whether = (functional.binary_cross_entropy_with_logits(answers[..., 4], quality, reduction="none") * asked).sum() / total
    wanted = functional.one_hot(classes, answers.shape[-1] - 5).float()
    wrong = functional.binary_cross_entropy_with_logits(answers[..., 5:][positive], wanted, reduction="none").sum(-1)
    what = (wrong * weight).sum() / total
    parts = {"box": where, "objectness": whether, "class": what}
    loss = BOX_WEIGHT * where + OBJECTNESS_WEIGHT * whether + CLASS_WEIGHT * what
    return loss, {name: part.item() for name, part in parts.items()}


def answers_wanted(assigned, targets):
    """Boxes [P, 4] and classes [P] of all cells that answer for an object, picture after picture."""
    pairs = [(one.objects[one.objects >= 0], target) for one, target in zip(assigned, targets)]
    truth = torch.cat([target[0][objects] for objects, target in pairs])
    return truth, torch.cat([target[1][objects] for objects, target in pairs])
