"""
Trains the base detector from scratch.

    python3 train.py --data DIR --run DIR [--images 100000] [--resume | --start model.onnx] [--device cuda]

Goes on from its last checkpoint with --resume, from exported weights with --start. Pictures that are rendered while it runs join at the next epoch.
"""
import argparse
import json
import math
import platform
import time
from pathlib import Path

import numpy as np
import torch

from checkpoint import Average, load, save
from data import CHANGES, Feed, read_image
from labels import read_labels, repeats
from loss import detection_loss
from model import Detector, cells
from tone import read_lifted
from warm_start import restore

WARM_UP, LAST_RATE = 0.03, 0.02
REPORT_EVERY, SAVE_EVERY = 50, 240


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with images/ and labels.jsonl")
    parser.add_argument("--run", required=True, help="folder for the checkpoint")
    parser.add_argument("--moods", default="day,dusk", help="which pictures are trained on")
    parser.add_argument("--images", type=int, default=100_000, help="training pictures until the rate has come down")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--threads", type=int, default=1, help="of the network")
    parser.add_argument("--loaders", type=int, default=1, help="threads that make pictures")
    parser.add_argument("--cache", type=int, default=2000, help="decoded pictures kept in memory, 0.7 MB each")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint of this run")
    parser.add_argument("--start", help="exported weights to begin with")
    parser.add_argument("--tone", choices=["none", "adaptive"], default="none", help="adaptive: dark pictures are lifted first")
    parser.add_argument("--without", action="append", default=[], choices=CHANGES, help="leave a change out (see ablation.py)")
    return parser.parse_args()


def rate_at(seen, images, highest):
    """Learning rate after `seen` of `images` pictures: a short rise, then a cosine down (Loshchilov & Hutter, arXiv:1608.03983)."""
    share = min(1.0, seen / images)
    if share < WARM_UP:
        return highest * max(0.02, share / WARM_UP)
    falling = (1 + math.cos(math.pi * (share - WARM_UP) / (1 - WARM_UP))) / 2
    return highest * (LAST_RATE + (1 - LAST_RATE) * falling)


def optimizer_of(model, rate):
    """AdamW that pulls only convolutions, not biases and normalisation, towards zero."""
    decayed = [weight for weight in model.parameters() if weight.ndim > 1]
    others = [weight for weight in model.parameters() if weight.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 0.03}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate)


def epoch_order(pictures, seed, epoch, most):
    """Indices of one pass, shuffled; pictures of rare classes come more often. At most `most`."""
    rng = np.random.default_rng([seed, epoch])
    factors = repeats(pictures)
    times = np.floor(factors + rng.random(len(factors))).astype(int)
    return rng.permutation(np.repeat(np.arange(len(pictures)), times))[:most].tolist()


class Training:
    """A model on its way, with all that a checkpoint holds."""

    def __init__(self, given, make=Detector):
        torch.manual_seed(given.seed)
        torch.set_num_threads(given.threads)
        self.given, self.file = given, Path(given.run) / "checkpoint.pt"
        self.model = make().to(given.device, memory_format=torch.channels_last)
        self.average = Average(self.model)
        self.optimizer = optimizer_of(self.model, given.rate)
        self.cells = cells().to(given.device)
        self.seen, self.epoch, self.saved = 0, 0, time.monotonic()
        if given.resume:
            self.restore(load(self.file, given.device))
        elif given.start:
            self.begin_with(given.start)

    def restore(self, state):
        self.model.load_state_dict(state["model"])
        self.average.model.load_state_dict(state["average"])
        self.average.steps = state["steps"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.seen, self.epoch = state["seen"], state["epoch"]

    def begin_with(self, file):
        pictures = self.pictures()
        feed = self.feed(pictures)
        images, _ = next(feed.batches(epoch_order(pictures, self.given.seed, 0, 32), 0, 32))
        restore(self.model, file, images.to(self.given.device).float())
        self.average.model.load_state_dict(self.model.state_dict())

    def keep(self):
        Path(self.given.run).mkdir(parents=True, exist_ok=True)
        save(
            self.file,
            model=self.model.state_dict(),
            average=self.average.model.state_dict(),
            steps=self.average.steps,
            optimizer=self.optimizer.state_dict(),
            seen=self.seen,
            epoch=self.epoch,
            options=vars(self.given),
        )
        self.saved = time.monotonic()

    def step(self, images, targets):
        """One batch. Returns the parts of the loss."""
        device = self.given.device
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(self.seen, self.given.images, self.given.rate)
        images = images.to(device).float().contiguous(memory_format=torch.channels_last)
        targets = [tuple(part.to(device) for part in target) for target in targets]
        loss, parts = detection_loss(self.model(images), self.cells, targets)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 10.0)
        self.optimizer.step()
        self.average.update(self.model)
        self.seen += len(images)
        return parts

    def run(self):
        self.model.train()
        report = Report(self.given.images, self.seen, self.file.with_name("report.json"), machine_of(self.given.device))
        while self.seen < self.given.images:
            pictures = self.pictures()
            self.epoch += 1
            order = epoch_order(pictures, self.given.seed, self.epoch, self.given.images - self.seen)
            print(f"epoch {self.epoch}: {len(pictures)} pictures, {len(order)} to see", flush=True)
            feed = self.feed(pictures, self.given.cache)
            for images, targets in feed.batches(order, self.seen, self.given.batch):
                report.tell(self.step(images, targets), self.seen)
                if time.monotonic() - self.saved > SAVE_EVERY:
                    self.keep()
        self.keep()

    def feed(self, pictures, cached=0):
        read = read_lifted if self.given.tone == "adaptive" else read_image
        return Feed(pictures, self.given.seed, self.given.loaders, cached, read, self.given.without)

    def pictures(self):
        found = read_labels(self.given.data, self.given.moods.split(","))
        if not found:
            raise SystemExit(f"{self.given.data} has no picture of {self.given.moods}. Render some: npm run city:dataset.")
        return found


def machine_of(device):
    return torch.cuda.get_device_name(device) if device.startswith("cuda") else f"{platform.machine()}, {platform.system()}"


class Report:
    """Prints how far a training is, what it loses and when it ends, and keeps the beginning and the end of it in a file."""

    def __init__(self, images, seen, file, machine):
        self.images, self.first, self.start, self.kept = images, seen, time.monotonic(), []
        self.file, self.machine = file, machine
        self.before = json.loads(file.read_text()) if seen and file.exists() else {"seconds": 0.0}

    def tell(self, parts, seen):
        self.kept.append(parts)
        if len(self.kept) < REPORT_EVERY and seen < self.images:
            return
        means = {name: sum(one[name] for one in self.kept) / len(self.kept) for name in parts}
        speed = (seen - self.first) / (time.monotonic() - self.start)
        left = (self.images - seen) / speed / 60
        losses = "  ".join(f"{name} {mean:.3f}" for name, mean in means.items())
        print(f"{seen}/{self.images} pictures  {losses}  {speed:.1f}/s  {left:.0f} min left", flush=True)
        self.kept = []
        self.write(sum(means.values()), seen)

    def write(self, loss, seen):
        self.before.setdefault("lossBefore", loss)
        seconds = self.before["seconds"] + time.monotonic() - self.start
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.before | {"lossAfter": loss, "seen": seen, "seconds": seconds, "machine": self.machine}))


if __name__ == "__main__":
    Training(options()).run()
