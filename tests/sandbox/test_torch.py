"""Torch workers: tensors in and out, torch's own errors, torchvision, training steps."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from grader.errors import MemoryLimitExceeded, StudentCodeRaised
from grader.sandbox import AsTensor, Limits, RemoteObject, WorkerPool, proxies

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="torch is not installed"
)

CODE = """
import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)
    def forward(self, x):
        return self.fc(x)

class Unfinished(nn.Module):
    pass

half = torch.ones(2, dtype=torch.bfloat16)
grad = torch.ones(2, requires_grad=True)
flipped = torch.arange(6.0).reshape(2, 3).T
conjugate = torch.tensor([1 + 2j]).conj().imag
sparse = torch.eye(2).to_sparse()
whole = torch.tensor(3)
meta = torch.empty(2, device="meta")

def train():
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for _ in range(3):
        loss = net(torch.ones(8, 4)).pow(2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss

def mismatch():
    return torch.ones(2, 3) @ torch.ones(2, 3)

def bomb():
    return torch.zeros(1 << 40)

def kind(x):
    return isinstance(x, torch.Tensor), x.requires_grad, str(x.dtype)

def loaders():
    data = torch.utils.data.TensorDataset(torch.ones(8, 4))
    return len(list(torch.utils.data.DataLoader(data, batch_size=4)))

draw = torch.rand(2)
"""


@pytest.fixture(scope="module")
def torch_pool():
    """A pool with a torch zygote."""
    with WorkerPool() as pool:
        pool.start("torch")
        yield pool


@pytest.fixture
def worker(torch_pool, submit):
    """A torch worker with the module above."""
    with torch_pool.open("torch", submit({"code.py": CODE}), Limits(memory_mb=900)) as worker:
        yield worker


def test_tensors_come_as_arrays(worker):
    """Tensors are detached, converted where numpy lacks the type, and copied."""
    code = worker.load("code")
    assert code.half.dtype == np.float32
    np.testing.assert_array_equal(code.grad, [1.0, 1.0])
    np.testing.assert_array_equal(code.flipped, np.arange(6.0).reshape(2, 3).T)
    np.testing.assert_array_equal(code.conjugate, [-2.0])
    assert code.whole == 3
    for name in ("sparse", "meta"):
        assert proxies.type_name(proxies.get(code, name)) == "Tensor"


def test_arrays_go_as_tensors_on_request(worker):
    """`AsTensor` makes a tensor there, an array stays an array."""
    code = worker.load("code")
    x = np.ones((2, 4), np.float32)
    assert code.kind(AsTensor(x)) == (True, False, "torch.float32")
    assert code.kind(AsTensor(x, requires_grad=True)) == (True, True, "torch.float32")
    assert code.Net()(AsTensor(x)).shape == (2, 2)
    with pytest.raises(StudentCodeRaised, match="TypeError"):
        code.Net()(x)


def test_graphs_stay_there(worker):
    """A result that was left there can be differentiated there."""
    net = worker.load("code").Net()
    out = proxies.call_reference(net, "forward", AsTensor(np.ones((3, 4), np.float32)))
    proxies.call(proxies.call_reference(out, "sum"), "backward")
    np.testing.assert_array_equal(proxies.get_reference(net.fc, "bias").grad, [3.0, 3.0])
    assert isinstance(net.fc, RemoteObject)


def test_training_steps_run_in_a_forked_worker(worker):
    """Optimizer, backward and data loader work after the fork, on one thread."""
    code = worker.load("code")
    assert code.train().shape == ()
    assert code.loaders() == 2


def test_torchs_errors_are_the_students(worker):
    """A shape error names the line; a missing forward is an error, not "not started"."""
    code = worker.load("code")
    with pytest.raises(StudentCodeRaised) as caught:
        code.mismatch()
    assert caught.value.type_name == "RuntimeError"
    assert caught.value.frames[-1].function == "mismatch"
    with pytest.raises(StudentCodeRaised, match="forward"):
        code.Unfinished()(1)


def test_torchs_lack_of_memory_is_the_memory_limit(worker):
    """The RuntimeError of torch's allocator is told from others."""
    with pytest.raises(MemoryLimitExceeded):
        worker.load("code").bomb()


def test_random_numbers_are_the_same_in_every_worker(torch_pool, submit):
    """Torch's generator starts from the same seed in each worker."""
    draws = []
    for _ in range(2):
        with torch_pool.open("torch", submit({"code.py": CODE}), Limits(memory_mb=900)) as worker:
            draws.append(worker.load("code").draw)
    np.testing.assert_array_equal(*draws)


@pytest.mark.skipif(
    importlib.util.find_spec("torchvision") is None, reason="torchvision is not installed"
)
def test_torchvision_is_used_where_it_is_installed(torch_pool, submit):
    """The real torchvision is preferred to a stub."""
    root = submit({"main.py": "import torchvision.transforms as t\nok = t.Compose([])(5)\n"})
    with torch_pool.open("torch", root, Limits(cpu_seconds=30, memory_mb=900)) as worker:
        assert worker.load("main", stub_missing=["torchvision"]).ok == 5
