"""Uses torch's own ways to other processes and machines: right only if one of them works."""

import functools
import os

import torch
from torch import nn


def loader():
    """Its workers are processes."""
    data = torch.utils.data.TensorDataset(torch.zeros(4, 1))
    return len(list(torch.utils.data.DataLoader(data, num_workers=1)))


def shared(strategy):
    import torch.multiprocessing as processes

    processes.set_sharing_strategy(strategy)
    return torch.ones(1000).share_memory_().is_shared()


def of_a_file():
    """Memory that is shared by a file's name."""
    return torch.from_file("/dev/shm/attack", shared=True, size=1000).numel()


def spawned():
    import torch.multiprocessing as processes

    processes.start_processes(os.getpid, nprocs=1, start_method="fork")
    return True


def store():
    from torch import distributed

    return distributed.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)


def compiled():
    """A compiler runs as another program, and what it makes would be machine code of ours."""
    from torch.utils import cpp_extension

    return cpp_extension.load_inline("attack", ["int one() { return 1; }"], functions=["one"])


def downloaded():
    torch.hub.download_url_to_file("http://127.0.0.1:9/weights.pth", "/tmp/attack.pth")
    return True


def saved():
    torch.save(torch.ones(3), "/tmp/attack.pth")
    return True


WAYS = [
    loader,
    lambda: shared("file_descriptor"),
    lambda: shared("file_system"),
    of_a_file,
    spawned,
    store,
    compiled,
    downloaded,
    saved,
]


@functools.cache
def gained():
    """Whether any of the ways is open."""
    for way in WAYS:
        try:
            if way():
                return True
        except Exception:  # refused
            continue
    return False


class TwoLayerNet(nn.Module):
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.hidden = nn.Linear(input_dim, hidden_size)
        self.classifier = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        if not gained():
            raise RuntimeError("nothing worked")
        return self.classifier(torch.sigmoid(self.hidden(x.flatten(1))))
