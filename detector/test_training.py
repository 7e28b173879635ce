"""Training, its checkpoint and the export, on pictures that are drawn here."""
import json
import tempfile
import unittest
from argparse import Namespace
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch

from data import Feed, target_of
from evaluate import figures, torch_rows
from export import exported
from labels import read_labels
from letterbox import letterboxed
from model import CLASSES, Detector, cells
from predict import detections
from tone import gamma_for, read_lifted
from train import Training, epoch_order
from warm_start import restore


def drawn(folder, count, seed=0):
    """A data set of bright rectangles, one shape a class, on grey."""
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir()
    lines = []
    for number in range(count):
        image = np.full((360, 640, 3), 90, np.uint8)
        boxes = []
        for index, name in enumerate(CLASSES):
            width, height = 24 + 20 * index, 80 - 8 * index
            x, y = 20 + 100 * index + int(rng.integers(0, 8)), int(rng.integers(10, 260))
            colour = [int(60 + 35 * index), 220 - 30 * index, (index % 2) * 200]
            image[y : y + height, x : x + width] = colour
            boxes.append({"class": name, "box": [x, y, width, height], "visibility": 1.0})
        cv2.imwrite(str(folder / "images" / f"{number}.png"), image)
        lines.append(json.dumps({"image": f"{number}.png", "mood": "day", "camera": "v1", "boxes": boxes}) + "\n")
    (folder / "labels.jsonl").write_text("".join(lines))


def small():
    """The same network, narrow enough to learn within a test."""
    return Detector(widths=(8, 16, 32, 32, 32), depths=(1, 1, 1), neck=32, head=32)


class WithPictures(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)
        torch.set_num_threads(1)
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def options(self, **changes):
        given = dict(data=str(self.folder), run=str(self.folder / "run"), moods="day", images=8, batch=4, rate=2e-3)
        return Namespace(**(given | dict(threads=1, loaders=1, cache=2, device="cpu", seed=1, resume=False, start=None, tone="none", without=[]) | changes))


class Learning(WithPictures):
    def test_a_few_pictures_are_learnt_by_heart(self):
        drawn(self.folder, 2)
        pictures = read_labels(self.folder)
        training = Training(self.options(images=160, rate=1e-2), small)
        training.model.train()
        inputs = [letterboxed(cv2.imread(str(picture.path))) for picture in pictures]
        images = torch.from_numpy(np.stack([image for image, _ in inputs]))
        targets = [target_of(one.boxes * np.float32(0.65), one.classes, one.visibility > 0) for one in pictures]
        while training.seen < 160:
            training.step(images, targets)
        model = training.model.eval()
        found = [detections(torch_rows(model, image), cells().numpy(), scale) for image, scale in inputs]
        result = figures(pictures, found)
        self.assertGreater(result["mean of vehicle classes"]["ap50"], 0.95)
        self.assertGreater(result["person"]["ap50"], 0.95)


class Resuming(WithPictures):
    def test_a_training_goes_on_from_its_checkpoint(self):
        drawn(self.folder, 4)
        first = Training(self.options(images=8), small)
        first.run()
        second = Training(self.options(images=12, resume=True), small)
        self.assertEqual(second.seen, 8)
        for mine, its in zip(second.model.state_dict().values(), first.model.state_dict().values()):
            torch.testing.assert_close(mine, its)
        second.run()
        self.assertEqual(second.seen, 12)
        self.assertEqual(second.average.steps, 3)
        report = json.loads((self.folder / "run" / "report.json").read_text())
        self.assertEqual(report["seen"], 12)
        self.assertGreater(report["seconds"], 0)
        self.assertNotEqual(report["lossBefore"], report["lossAfter"])

    def test_without_a_checkpoint_it_says_what_to_do(self):
        with self.assertRaisesRegex(SystemExit, "Start without --resume"):
            Training(self.options(resume=True))


class Data(WithPictures):
    def test_pictures_that_are_rendered_meanwhile_join(self):
        drawn(self.folder, 3)
        text = (self.folder / "labels.jsonl").read_text()
        (self.folder / "labels.jsonl").write_text(text[:-5])
        self.assertEqual(len(read_labels(self.folder)), 2)
        (self.folder / "labels.jsonl").write_text(text)
        self.assertEqual(len(read_labels(self.folder)), 3)

    def test_a_line_that_is_no_picture_is_named(self):
        drawn(self.folder, 1)
        with open(self.folder / "labels.jsonl", "a") as file:
            file.write('{"image": 1}\n')
        with self.assertRaisesRegex(ValueError, r"labels\.jsonl:2 is no labelled picture"):
            read_labels(self.folder)

    def test_a_seed_gives_the_same_pictures_on_any_number_of_threads(self):
        drawn(self.folder, 3)
        pictures = read_labels(self.folder)
        runs = [list(Feed(pictures, 7, threads).batches([0, 1, 2, 0, 1], 0, 2)) for threads in (1, 3)]
        for (images, targets), (others, its) in zip(*runs):
            self.assertTrue(torch.equal(images, others))
            self.assertTrue(all(torch.equal(a, b) for one, two in zip(targets, its) for a, b in zip(one, two)))
        self.assertEqual([len(images) for images, _ in runs[0]], [2, 2, 1])

    def test_without_any_change_a_picture_goes_in_as_the_model_will_get_it(self):
        drawn(self.folder, 1)
        pictures = read_labels(self.folder)
        sample, _ = Feed(pictures, 5, without=("colour", "wear", "geometry")).sample(0, 0)
        later, _ = letterboxed(cv2.imread(str(pictures[0].path)))
        # The filters differ: OpenCV's here, swscale's there. What is anywhere else, or of another colour, differs far more.
        self.assertLess(np.abs(sample.permute(2, 0, 1).float().numpy() - later).mean(), 0.2)
        changed = [not torch.equal(Feed(pictures, 5, without=without).sample(0, 0)[0], sample) for without in [(), ("wear",), ("colour",)]]
        self.assertTrue(all(changed))

    def test_boxes_stay_on_their_objects_whatever_happens_to_the_picture(self):
        drawn(self.folder, 2)
        feed = Feed(read_labels(self.folder), 3)
        grey = 0
        for number in range(30):
            image, (truth, _, _) = feed.sample(number, number % 2)
            for left, top, right, bottom in truth.round().int().tolist():
                inner = image[top + 2 : bottom - 2, left + 2 : right - 2].float()
                if inner.numel() == 0:
                    continue
                # A rectangle is of one colour: what is inside its box differs little.
                grey += float(inner.std((0, 1)).max()) > 30
        self.assertEqual(grey, 0)

    def test_dark_pictures_are_lifted_as_sentinel_lifts_them(self):
        for value, gamma in [(0, 0.4), (20, 0.4), (60, 0.7), (90, 1.0), (200, 1.0)]:
            path = str(self.folder / "grey.png")
            cv2.imwrite(path, np.full((36, 64, 3), value, np.uint8))
            self.assertAlmostEqual(gamma_for(cv2.imread(path)), gamma)
            self.assertEqual(int(read_lifted(path)[0, 0, 0]), int(255 * (value / 255) ** gamma + 0.5))

    def test_rare_classes_are_seen_more_often(self):
        drawn(self.folder, 4)
        pictures = read_labels(self.folder)
        for picture in pictures[1:]:
            keep = picture.classes != CLASSES.index("bus")
            picture.boxes, picture.classes, picture.visibility = (
                picture.boxes[keep], picture.classes[keep], picture.visibility[keep]
            )
        self.assertEqual(epoch_order(pictures, 1, 1, 99).count(0), 2)


class WarmStart(WithPictures):
    def trained(self):
        """A network whose normalisation has seen pictures, and its ONNX file."""
        model = small().train()
        for _ in range(3):
            model(torch.rand(4, 3, 256, 416) * 255)
        file = self.folder / "model.onnx"
        file.write_bytes(exported(model, {}))
        return model.eval(), str(file)

    def test_exported_weights_answer_the_same_and_go_on(self):
        model, file = self.trained()
        again = small()
        pictures = torch.rand(4, 3, 256, 416) * 255
        restore(again, file, pictures)
        with torch.no_grad():
            torch.testing.assert_close(again(pictures), model(pictures), atol=1e-3, rtol=1e-3)
            # While training, the same pictures have the same statistics: only their scores are logits then.
            torch.testing.assert_close(again.train()(pictures)[..., :4], model(pictures)[..., :4], atol=2e-2, rtol=1e-2)

    def test_a_training_begins_with_them(self):
        drawn(self.folder, 2)
        model, file = self.trained()
        training = Training(self.options(images=4, start=file), small)
        picture = torch.rand(1, 3, 256, 416) * 255
        with torch.no_grad():
            torch.testing.assert_close(training.average.model(picture), model(picture), atol=1e-3, rtol=1e-3)
        training.run()
        self.assertEqual(training.seen, 4)

    def test_another_network_is_refused(self):
        _, file = self.trained()
        with self.assertRaisesRegex(ValueError, "not of this network.*export.py"):
            restore(Detector(), file, torch.zeros(1, 3, 256, 416))


class Exporting(WithPictures):
    def test_onnx_answers_as_torch_does_and_says_what_it_is(self):
        model = Detector().eval()
        content = exported(model, {"pictures_seen": 5})
        session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
        pictures = np.random.default_rng(1).uniform(0, 255, (2, 3, 256, 416)).astype(np.float32)
        answers = session.run(None, {"images": pictures})[0]
        self.assertEqual(answers.shape, (2, 2184, 5 + len(CLASSES)))
        for answer, picture in zip(answers, pictures):
            np.testing.assert_allclose(answer, torch_rows(model, picture), atol=2e-4)
        facts = session.get_modelmeta().custom_metadata_map
        self.assertEqual(json.loads(facts["names"]), list(CLASSES))
        self.assertEqual(facts["pictures_seen"], "5")
        self.assertEqual(content, exported(model, {"pictures_seen": 5}))


if __name__ == "__main__":
    unittest.main()
