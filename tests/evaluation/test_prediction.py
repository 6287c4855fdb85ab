"""Predicting all images within the time, with a network that may be slow or hostile."""

import numpy as np
import pytest

from grader.budget import Allowance
from grader.errors import BadAnswer, MemoryLimitExceeded, TimeLimitExceeded, WrongResult
from grader.evaluation.images import Images
from grader.evaluation.prediction import BATCH, PROBES, UNPREDICTED, Clock, predict

COUNT = 1300


@pytest.fixture
def images():
    """Images whose first pixel is their class."""
    labels = np.arange(COUNT) % 10
    pixels = np.zeros((COUNT, 32, 32, 3), np.uint8)
    pixels[:, 0, 0, 0] = labels * 20 + 10
    return Images("test", pixels, labels, tuple("abcdefghij"), "digest")


class Network:
    """Reads the class off the first pixel; takes `seconds` of wall and CPU for each image."""

    def __init__(self, seconds=0.0, cpu=None, start=0.0, spoil=lambda logits, seed: logits):
        self.seconds, self.cpu, self.spoil = seconds, seconds if cpu is None else cpu, spoil
        self.now, self.used, self.asked = start, 0.0, []

    def __call__(self, pixels, batch, seed):
        """Answer as the driver does."""
        assert pixels.dtype == np.uint8
        assert batch <= BATCH
        self.asked.append(len(pixels))
        self.now += self.seconds * len(pixels)
        self.used += self.cpu * len(pixels)
        logits = np.zeros((len(pixels), 10), np.float32)
        logits[np.arange(len(pixels)), pixels[:, 0, 0, 0] // 20] = 1
        return {"problem": "", "logits": self.spoil(logits, seed), "cpu": self.used}

    def clock(self, cpu, wall):
        """A clock that this network moves."""
        return Clock(Allowance(cpu, wall), now=lambda: self.now)


def test_all_images_are_predicted(images):
    """A fast network predicts all of them, each right."""
    network = Network()
    found = predict(network, images, 1, network.clock(60, 60))
    assert found.done == found.total == COUNT
    assert found.accuracy(images.labels) == 1
    assert found.per_class(images.labels) == [1] * 10
    assert not found.unstable
    assert found.under_noise == 1


def test_classes_without_images_count_zero(images):
    """A class that the test set lacks has accuracy 0, not NaN."""
    network = Network()
    found = predict(network, images, 1, network.clock(60, 60))
    assert found.per_class(np.zeros(COUNT, int))[5] == 0


@pytest.mark.parametrize(
    ("cpu", "wall", "seconds", "cpu_seconds"),
    [(1000, 10, 0.02, 0.001), (10, 1000, 0.02, 0.02)],
)
def test_what_does_not_fit_the_time_counts_as_wrong(images, cpu, wall, seconds, cpu_seconds):
    """Of wall or CPU time, what runs out first decides; the limit is never reached."""
    network = Network(seconds, cpu_seconds)
    found = predict(network, images, 1, network.clock(cpu, wall))
    assert 300 < found.done < 500
    assert network.now < 10
    assert (found.classes == UNPREDICTED).sum() == COUNT - found.done
    assert found.accuracy(images.labels) == pytest.approx(found.done / COUNT)
    assert found.cpu_seconds == pytest.approx(cpu_seconds * found.done)
    assert found.cpu_seconds_per_image == pytest.approx(cpu_seconds)
    assert found.under_noise is None


def too_slow(images, seed=1, factor=3.0, spoil=lambda logits, seed: logits):
    """What a network found that needs `factor` times the time there is for all images."""
    network = Network(0.02, spoil=spoil)
    seconds = 0.02 * len(images.pixels) / factor
    return predict(network, images, seed, network.clock(seconds, seconds))


def test_a_network_that_is_too_slow_by_three_gets_nearly_a_third(images):
    """The time is used up to a small rest; what is guaranteed, and what is to be expected."""
    found = too_slow(images)
    assert COUNT / 3 * 0.9 < found.done <= COUNT / 3
    assert found.right(images.labels) == found.done
    assert found.accuracy(images.labels) == found.done / COUNT
    estimate = found.estimate(images.labels)
    assert estimate.share == estimate.high == 1
    assert estimate.low > 0.98
    assert found.per_class(images.labels) == [1] * 10
    assert not found.complete


def test_an_estimate_is_of_all_images(images):
    """Of a network that errs on every image of three classes, a part tells so."""

    def spoil(logits, _):
        logits[logits.argmax(axis=1) < 3] = np.eye(10, dtype=np.float32)[9]
        return logits

    found = too_slow(images, spoil=spoil)
    estimate = found.estimate(images.labels)
    assert estimate.low < 0.7 < estimate.high
    assert found.accuracy(images.labels) < 0.7 / 3 + 0.02
    assert found.per_class(images.labels) == [0] * 3 + [1] * 7


def test_every_image_is_as_likely_to_be_predicted(images):
    """Over 300 seeds, none is asked for much more or less often than the others."""
    few = Images("few", images.pixels[:200], images.labels[:200], images.classes, "digest")
    asked = sum(too_slow(few, seed).asked.astype(int) for seed in range(300))
    share = asked.sum() / asked.size / 300
    deviation = (300 * share * (1 - share)) ** 0.5
    assert 0.25 < share < 0.34
    assert np.abs(asked - 300 * share).max() < 5 * deviation
    spread = np.square(asked - 300 * share).mean() / deviation**2
    assert 0.7 < spread < 1.3


def test_the_estimate_is_unbiased(images):
    """Over 300 seeds, the mean of the estimates is the true accuracy, within chance."""
    labels = images.labels[:200].copy()
    labels[:70] = (labels[:70] + 1) % 10
    few = Images("few", images.pixels[:200], labels, images.classes, "digest")
    shares = [too_slow(few, seed).estimate(labels).share for seed in range(300)]
    assert abs(np.mean(shares) - 0.65) < 4 * np.std(shares) / 300**0.5


def test_the_order_depends_on_the_seed_and_the_images_alone(images):
    """A slower network is asked for the first of the same images; seed or file change them."""
    first = too_slow(images).asked
    assert np.array_equal(first, too_slow(images).asked)
    assert not np.array_equal(first, too_slow(images, 2).asked)
    slower = too_slow(images, factor=6.0).asked
    assert slower.sum() < first.sum()
    assert first[slower].all()
    other = Images("test", images.pixels, images.labels, images.classes, "another digest")
    assert not np.array_equal(first, too_slow(other).asked)


def test_a_time_out_within_a_chunk_keeps_what_was_predicted(images):
    """A machine that becomes slower in the middle costs the rest, not all."""

    def ask(pixels, batch, seed):
        if len(network.asked) == 2:
            raise TimeLimitExceeded(9.0)
        return network(pixels, batch, seed)

    network = Network(0.001)
    found = predict(ask, images, 1, network.clock(60, 60))
    assert found.done == found.asked.sum() == 110
    assert found.accuracy(images.labels) == 110 / COUNT
    assert not found.hung


def test_a_time_out_within_the_first_chunk_is_one(images):
    """Nothing was predicted, so there is nothing to keep; the limit is told as it was."""

    def ask(*_):
        raise TimeLimitExceeded(9.0, "cpu")

    with pytest.raises(TimeLimitExceeded, match=r"9 s \(cpu\)"):
        predict(ask, images, 1, Network().clock(60, 60))


def test_a_time_out_when_images_come_again_is_noted(images):
    """Predictions stand; that the network hung on images it knew is for staff."""

    def ask(pixels, batch, seed):
        if batch < BATCH:
            raise TimeLimitExceeded(9.0)
        return network(pixels, batch, seed)

    network = Network()
    found = predict(ask, images, 1, network.clock(60, 60))
    assert found.complete
    assert found.hung
    assert found.under_noise is None


def test_probing_may_be_left_out(images):
    """Then each image is asked for once."""
    network = Network()
    found = predict(network, images, 1, network.clock(60, 60), probing=False)
    assert sum(network.asked) == COUNT
    assert found.under_noise is None


@pytest.mark.parametrize(("room", "batch"), [(31, 8), (8, 8), (7, 2), (1, 1)])
def test_batches_shrink_to_what_fits_into_the_memory(images, room, batch):
    """All images are predicted, in batches that fit; probes keep to them, too."""

    def ask(pixels, size, seed):
        if size > room:
            raise MemoryLimitExceeded(600)
        return network(pixels, size, seed)

    network = Network()
    found = predict(ask, images, 1, network.clock(60, 60))
    assert found.batch == batch
    assert found.accuracy(images.labels) == 1
    assert found.under_noise == 1


def test_no_room_for_a_single_image_is_a_memory_limit(images):
    """There is no smaller batch to try."""

    def ask(*_):
        raise MemoryLimitExceeded(600)

    with pytest.raises(MemoryLimitExceeded):
        predict(ask, images, 1, Network().clock(60, 60))


def test_confusion_counts_what_each_class_was_taken_for(images):
    """Rows are the true classes; images without a prediction are in no cell."""

    def spoil(logits, _):
        was = logits.argmax(axis=1)
        logits[was == 4] = np.eye(10, dtype=np.float32)[7]
        logits[was == 5] = np.nan
        return logits

    network = Network(spoil=spoil)
    found = predict(network, images, 1, network.clock(60, 60))
    expected = np.diag([COUNT // 10] * 10)
    expected[4, 4], expected[4, 7], expected[5, 5] = 0, COUNT // 10, 0
    assert np.array_equal(found.confusion(images.labels), expected)
    assert found.per_class(images.labels) == [1, 1, 1, 1, 0, 0, 1, 1, 1, 1]


def test_a_very_slow_network_is_found_out_with_few_images(images):
    """At a second an image, ten images tell, and the check is not killed."""
    network = Network(1.0)
    found = predict(network, images, 1, network.clock(60, 60))
    assert network.asked[0] == 10
    assert network.now < 60
    assert 40 < found.done < 60


def test_no_time_at_all_predicts_nothing(images):
    """With the clock at its end, nothing is asked."""
    network = Network()
    with pytest.raises(TimeLimitExceeded):
        predict(network, images, 1, network.clock(0, 0))
    assert network.asked == []


def test_a_random_network_is_noticed(images):
    """Logits that change from call to call are reported, not refused."""

    def jitter(logits, seed):
        return logits + np.float32(0.3) * np.random.default_rng(seed + 9).random(logits.shape)

    network = Network(spoil=jitter)
    found = predict(network, images, 1, network.clock(60, 60))
    assert found.unstable
    assert found.random
    assert not found.company


@pytest.mark.parametrize("shift", [lambda n: n / 7, lambda n: float(n == 1)])
def test_a_network_that_depends_on_its_company_is_noticed(images, shift):
    """Logits that change with the batch, or for an image alone, are not the image's."""

    def averaged(pixels, batch, seed):
        answer = network(pixels, batch, seed)
        sizes = [min(batch, len(pixels) - at // batch * batch) for at in range(len(pixels))]
        answer["logits"][:, 0] += np.array([shift(size) for size in sizes], np.float32)
        return answer

    network = Network()
    found = predict(averaged, images, 1, network.clock(60, 60))
    assert found.company
    assert not found.random


def test_a_look_up_is_noticed_by_noise(images):
    """A network that knows only the exact images loses its predictions under noise."""

    def table(logits, _):
        return np.roll(logits, int(logits.shape[0] == PROBES and known["noise"]), axis=1)

    known = {"noise": False}
    network = Network(spoil=table)

    def ask(pixels, batch, seed):
        known["noise"] = bool((pixels[:, 1:] > 0).any())
        return network(pixels, batch, seed)

    assert predict(ask, images, 1, network.clock(60, 60)).under_noise == 0


def test_outputs_that_are_not_finite_count_as_wrong(images):
    """Some NaN rows are wrong predictions."""

    def some(logits, _):
        logits[::2] = np.nan
        return logits

    network = Network(spoil=some)
    found = predict(network, images, 1, network.clock(60, 60))
    assert found.not_finite == COUNT // 2
    assert found.accuracy(images.labels) == pytest.approx(0.5, abs=0.01)


def test_nothing_but_nan_is_refused(images):
    """A network of NaN gets a sentence about its weights."""
    network = Network(spoil=lambda logits, _: logits * np.nan)
    with pytest.raises(WrongResult, match="NaN or infinite") as caught:
        predict(network, images, 1, network.clock(60, 60))
    assert caught.value.code == "not-finite"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"problem": "none"}, "forward returns None"),
        ({"problem": "type", "found": "tuple"}, "returns a `tuple`"),
        ({"problem": "shape", "found": [10], "batch": 10}, r"a tensor of shape `\[10\]`"),
        ({"problem": "", "logits": np.zeros((10, 9))}, r"a tensor of shape `\[10, 9\]`"),
        ({"problem": "", "logits": "text"}, r"It must be \(N, 10\)"),
    ],
)
def test_what_are_no_logits_is_named(images, answer, words):
    """Type and shape of the answer are checked first."""
    with pytest.raises(WrongResult, match=words):
        predict(lambda *_: answer, images, 1, Network().clock(60, 60))


def test_what_is_no_answer_is_refused(images):
    """A worker that sends anything else broke the rules."""
    with pytest.raises(BadAnswer):
        predict(lambda *_: [1, 2], images, 1, Network().clock(60, 60))


def test_a_worker_that_reports_less_gains_nothing():
    """CPU seconds never count down."""
    clock = Clock(Allowance(10, 10), now=lambda: 0.0)
    clock.report(4.0)
    clock.report(1.0)
    assert clock.left() == (6.0, 10.0)
