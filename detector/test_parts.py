"""What the parts of the recipe promise."""
import unittest

import numpy as np
import torch

from assign import assign
from average_precision import average_precision, judge
from boxes import complete_overlap, decoded, overlap
from labels import Picture, rarity
from letterbox import letterboxed
from loss import detection_loss
from model import CLASSES, Detector, cells
from predict import detections, suppressed
from train import rate_at

NOTHING = torch.zeros(0, 4)


def answer_for(box, stride):
    """The columns with which a cell writes a box, and its row."""
    grid = cells()
    centre = (box[:2] + box[2:]) / 2
    row = int(torch.nonzero((grid[:, 2] == stride) & (grid[:, :2] == (centre // stride)).all(1))[0])
    return row, torch.cat([centre / stride - grid[row, :2], ((box[2:] - box[:2]) / stride).log()])


class Boxes(unittest.TestCase):
    def test_what_a_cell_writes_is_read_back(self):
        box = torch.tensor([20.0, 30.0, 44.0, 62.0])
        row, columns = answer_for(box, 16)
        answers = torch.zeros(1, len(cells()), 4)
        answers[0, row] = columns
        torch.testing.assert_close(decoded(answers, cells())[0, row], box)

    def test_torch_and_numpy_read_the_same_boxes(self):
        rows = torch.rand(len(cells()), 11)
        boxes, scores, classes = detections(rows.numpy(), cells().numpy(), 1.0)
        best, names = (rows[:, 4:5] * rows[:, 5:]).max(1)
        first = int(best.argmax())
        np.testing.assert_allclose(boxes[0], decoded(rows[None, :, :4], cells())[0, first].numpy(), rtol=1e-4)
        self.assertAlmostEqual(float(scores[0]), float(best[first]), places=5)
        self.assertEqual(classes[0], names[first])

    def test_overlap_is_shared_area_over_joint_area(self):
        one, other = torch.tensor([0.0, 0, 10, 10]), torch.tensor([5.0, 0, 15, 10])
        self.assertAlmostEqual(float(overlap(one, other)), 1 / 3, places=5)
        self.assertAlmostEqual(float(complete_overlap(one, one)), 1, places=5)
        self.assertLess(float(complete_overlap(one, other + 100)), 0)


class Rare(unittest.TestCase):
    def test_objects_of_a_class_that_is_a_hundred_times_rarer_are_looked_at_ten_times_as_often(self):
        classes = np.array([CLASSES.index("car")] * 100 + [CLASSES.index("truck")])
        picture = Picture(None, "day", "one", np.zeros((101, 4), np.float32), classes, np.ones(101, np.float32))
        weights = dict(zip(CLASSES, rarity([picture])))
        self.assertAlmostEqual(weights["truck"] / weights["car"], 10)


class Assigned(unittest.TestCase):
    def assigned(self, truth, ignore=NOTHING):
        boxes = decoded(torch.zeros(1, len(cells()), 4), cells())[0]
        scores = torch.full((len(cells()), len(CLASSES)), 0.01)
        return assign(boxes, scores, cells(), truth, torch.zeros(len(truth), dtype=torch.long), ignore)

    def test_the_smallest_object_anywhere_has_cells(self):
        for left in np.arange(0, 16, 0.7):
            truth = torch.tensor([[left, left, left + 3, left + 7]])
            self.assertGreater(int((self.assigned(truth).objects >= 0).sum()), 0)

    def test_cells_of_an_object_lie_near_it(self):
        truth = torch.tensor([[100.0, 100, 140, 130]])
        chosen = cells()[self.assigned(truth).objects >= 0]
        centres = (chosen[:, :2] + 0.5) * chosen[:, 2:]
        self.assertTrue(((centres > truth[0, :2]) & (centres < truth[0, 2:])).all())

    def test_a_cell_answers_for_the_object_that_it_covers_best(self):
        truth = torch.tensor([[96.0, 96, 112, 112], [100.0, 100, 116, 116]])
        result = self.assigned(truth)
        self.assertEqual(set(result.objects[result.objects >= 0].tolist()), {0, 1})

    def test_nobody_is_asked_about_what_is_ignored_unless_it_is_an_object(self):
        whole = torch.tensor([[0.0, 0, 416, 256]])
        truth = torch.tensor([[100.0, 100, 140, 130]])
        result = self.assigned(truth, whole)
        self.assertTrue(torch.equal(result.ignored, result.objects < 0))

    def test_a_picture_without_objects_is_all_background(self):
        result = self.assigned(NOTHING)
        self.assertEqual(int((result.objects >= 0).sum()) + int(result.ignored.sum()), 0)


class Loss(unittest.TestCase):
    TRUTH = torch.tensor([[96.0, 64, 128, 96]])

    def loss(self, answers):
        return float(detection_loss(answers, cells(), [(self.TRUTH, torch.tensor([3]), NOTHING)])[0])

    def answered(self, box, class_index):
        answers = torch.zeros(1, len(cells()), 5 + len(CLASSES))
        answers[..., 4:] = -12
        row, columns = answer_for(box, 32)
        answers[0, row, :4] = columns
        answers[0, row, [4, 5 + class_index]] = 12
        return answers

    def test_the_right_answer_costs_least(self):
        right = self.loss(self.answered(self.TRUTH[0], 3))
        self.assertLess(right, self.loss(self.answered(self.TRUTH[0], 1)))
        self.assertLess(right, self.loss(self.answered(self.TRUTH[0] + 6, 3)))
        self.assertLess(right, 0.1)

    def test_pictures_without_objects_have_a_finite_loss(self):
        answers = torch.zeros(1, len(cells()), 5 + len(CLASSES), requires_grad=True)
        loss, _ = detection_loss(answers, cells(), [(NOTHING, torch.zeros(0, dtype=torch.long), NOTHING)])
        loss.backward()
        self.assertTrue(torch.isfinite(answers.grad).all())


class Pictures(unittest.TestCase):
    def test_a_picture_of_640_by_360_fills_416_by_234_from_the_top_left(self):
        image, scale = letterboxed(np.full((360, 640, 3), 200, np.uint8))
        self.assertEqual(image.shape, (3, 256, 416))
        self.assertEqual(scale, 0.65)
        self.assertTrue((image[:, :234] == 200).all() and (image[:, 234:] == 114).all())


class Precision(unittest.TestCase):
    TRUTH = np.array([[0.0, 0, 20, 20], [50, 50, 70, 70]])

    def judged(self, boxes, scores, asked=(True, True)):
        small = lambda rows: (rows[:, 2:] - rows[:, :2]).max(1, initial=0) < 12
        return judge(np.array(boxes, float).reshape(-1, 4), np.array(scores), self.TRUTH, np.array(asked), small)

    def test_all_found_is_one_and_half_found_half(self):
        self.assertEqual(average_precision([self.judged(self.TRUTH, [0.9, 0.8])])[0], 1)
        # 51 of the 101 recall points lie at or below one half.
        self.assertAlmostEqual(average_precision([self.judged(self.TRUTH[:1], [0.9])])[0], 51 / 101)

    def test_a_second_box_on_an_object_is_wrong(self):
        twice = np.concatenate([self.TRUTH[:1], self.TRUTH])
        self.assertAlmostEqual(average_precision([self.judged(twice, [0.9, 0.8, 0.7])])[0], (51 + 50 * 2 / 3) / 101)

    def test_what_is_not_asked_for_is_neither_right_nor_wrong(self):
        result = average_precision([self.judged(self.TRUTH, [0.9, 0.8], (True, False))])
        self.assertEqual(result[0], 1)
        tiny = np.concatenate([[[100, 100, 105, 105]], self.TRUTH])
        self.assertEqual(average_precision([self.judged(tiny, [0.95, 0.9, 0.8])])[0], 1)

    def test_looser_boxes_count_at_fewer_thresholds(self):
        # 20×20 against 20×16: overlap 0.8.
        result = average_precision([self.judged([[0, 0, 20, 16], [50, 50, 70, 66]], [0.9, 0.8])])
        self.assertAlmostEqual(result.mean(), 0.7 if result[6] == 1 else 0.6)
        self.assertEqual(result[9], 0)

    def test_without_truth_there_is_no_figure(self):
        self.assertIsNone(average_precision([]))

    def test_suppression_keeps_the_best_of_those_that_overlap(self):
        boxes = np.array([[0.0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10]])
        self.assertEqual(suppressed(boxes, np.array([0.8, 0.9, 0.7]), np.array([0, 0, 1])).tolist(), [1, 2])


class Rate(unittest.TestCase):
    def test_the_rate_rises_and_then_falls_with_the_pictures_seen(self):
        rates = [rate_at(seen, 1000, 1.0) for seen in (0, 30, 500, 1000)]
        self.assertTrue(rates[0] < rates[1] > rates[2] > rates[3] > 0)
        self.assertAlmostEqual(rates[1], 1)


if __name__ == "__main__":
    unittest.main()
