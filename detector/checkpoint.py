"""What a training needs to go on after a stop, in one file that is replaced whole."""
import copy
import math
import os

import torch


class Average:
    """Exponential moving average of weights and statistics: steadier than the last step (Polyak averaging)."""

    def __init__(self, model, decay=0.998, ramp=300):
        self.model = copy.deepcopy(model).eval()
        self.decay, self.ramp, self.steps = decay, ramp, 0

    @torch.no_grad()
    def update(self, model):
        self.steps += 1
        keep = self.decay * (1 - math.exp(-self.steps / self.ramp))
        for mine, its in zip(self.model.state_dict().values(), model.state_dict().values()):
            if mine.is_floating_point():
                mine.mul_(keep).add_(its.detach(), alpha=1 - keep)
            else:
                mine.copy_(its)


def save(path, **state):
    """A stop in the middle leaves the checkpoint before it."""
    unfinished = f"{path}.part"
    torch.save(state, unfinished)
    os.replace(unfinished, path)


def load(path, device="cpu"):
    try:
        return torch.load(path, map_location=device)
    except FileNotFoundError as error:
        raise SystemExit(f"There is no checkpoint {path}. Start without --resume, or give the folder of a run with --run.") from error
