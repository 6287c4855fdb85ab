"""Right solutions of Part 3: class weights and the focal loss, with its accepted variants."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

CHECKS = frozenset({"3.1", "3.2"})
LOSSES = Task("losses", "part2-pytorch/losses/focal_loss.py", CHECKS)

HEAD = """\
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


"""

GATHER = """\
def reweight(cls_num_list, beta=0.9999):
    effective_num = 1.0 - np.power(beta, cls_num_list)
    per_cls_weights = (1.0 - beta) / np.array(effective_num)
    per_cls_weights = per_cls_weights / np.sum(per_cls_weights) * len(cls_num_list)
    per_cls_weights = torch.FloatTensor(per_cls_weights)
    return per_cls_weights


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super(FocalLoss, self).__init__()
        assert gamma >= 0
        self.gamma = gamma
        self.weight = weight

    def forward(self, input, target):
        log_p = F.log_softmax(input, dim=1).gather(1, target.view(-1, 1)).squeeze(1)
        loss = -((1 - log_p.exp()) ** self.gamma) * log_p
        if self.weight is not None:
            loss = loss * self.weight[target]
        return loss.mean()
"""

ONE_HOT = '''\
def reweight(cls_num_list, beta=0.9999):
    """A list of numbers."""
    weights = [(1 - beta) / (1 - beta**n) for n in cls_num_list]
    total = sum(weights)
    return [weight * len(weights) / total for weight in weights]


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.gamma, self.alpha = gamma, weight

    def forward(self, logits, target):
        N, C = logits.shape
        alpha = torch.ones(C) if self.alpha is None else torch.as_tensor(self.alpha)
        onehot = torch.zeros(N, C).scatter_(1, target.unsqueeze(1), 1.0)
        log_p = logits - torch.logsumexp(logits, dim=1, keepdim=True)
        focal = (1 - log_p.exp()).pow(self.gamma)
        return -(onehot * alpha * focal * log_p).sum() / N
'''

NLL = '''\
def reweight(cls_num_list, beta=0.9999):
    """A double array of numpy."""
    counts = np.asarray(cls_num_list, dtype=np.float64)
    weights = np.divide(1 - beta, 1 - beta**counts)
    return len(counts) * weights / weights.sum()


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.register_buffer("weight", weight)
        self.gamma = gamma

    def forward(self, logits, target):
        log_p = nn.LogSoftmax(dim=-1)(logits)
        factor = (1 - log_p.exp()) ** self.gamma
        return F.nll_loss(factor * log_p, target, self.weight, reduction="none").mean()
'''

CROSS_ENTROPY_TWICE = '''\
def reweight(cls_num_list, beta=0.9999):
    """A tensor in double precision, by expm1 and log."""
    n = torch.tensor(cls_num_list, dtype=torch.float64)
    weights = (1 - beta) / -torch.expm1(n * np.log(beta))
    return weights * (weights.numel() / weights.sum())


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weighted = nn.CrossEntropyLoss(weight=weight, reduction="none")
        self.plain = nn.CrossEntropyLoss(reduction="none")
        self.gamma = gamma

    def forward(self, logits, target):
        """p_t from the plain cross-entropy, the weights from the weighted one."""
        p_t = torch.exp(-self.plain(logits, target))
        return torch.mean((1.0 - p_t) ** self.gamma * self.weighted(logits, target))
'''

BY_SAMPLE = '''\
def reweight(cls_num_list, beta=0.9999):
    """A list of tensors with one entry each."""
    weights = []
    for n in cls_num_list:
        effective = 0.0
        for power in range(int(n)):
            effective += beta**power
        weights.append(torch.tensor([1 / effective]))
    total = sum(weights)
    return [len(weights) * weight / total for weight in weights]


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight, self.gamma = weight, gamma

    def forward(self, logits, target):
        """Sample by sample; shape (1,)."""
        losses = []
        for scores, label in zip(logits, target):
            log_p = torch.log_softmax(scores, 0)[label]
            loss = -((1 - torch.exp(log_p)) ** self.gamma) * log_p
            losses.append(loss if self.weight is None else self.weight[label] * loss)
        return torch.stack(losses).mean().reshape(1)
'''

DOUBLE = '''\
def reweight(cls_num_list, beta=0.9999):
    """A row (1, C)."""
    n = np.array(cls_num_list)[None]
    weights = (1 - beta) / (1 - beta**n)
    return torch.from_numpy(weights / weights.mean())


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight, self.gamma = weight, gamma

    def forward(self, logits, target):
        """In double precision, where softmax and log are far enough from their ends."""
        p = torch.softmax(logits.double(), dim=1)
        p_t = p[torch.arange(len(target)), target]
        weight = 1.0 if self.weight is None else self.weight.double()[target]
        return (weight * (1 - p_t) ** self.gamma * -torch.log(p_t)).mean()
'''

COLUMNS = '''\
def reweight(cls_num_list, beta=0.9999):
    """In single precision throughout."""
    n = torch.tensor(cls_num_list, dtype=torch.float32)
    weights = (1 - beta) / (1 - torch.pow(beta, n))
    return F.normalize(weights, p=1, dim=0) * n.shape[0]


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight = None if weight is None else torch.as_tensor(weight).reshape(1, -1)
        self.gamma = gamma

    def forward(self, logits, target):
        """The rows of all classes, of which a mask picks one entry each."""
        log_p = F.log_softmax(logits, dim=1)
        rows = (1 - torch.exp(log_p)) ** self.gamma * log_p
        if self.weight is not None:
            rows = rows * self.weight
        mask = torch.arange(logits.shape[1]) == target[:, None]
        return torch.masked_select(rows, mask).mean().neg()
'''

RIGHT_WEIGHTS = """\
def reweight(cls_num_list, beta=0.9999):
    weights = (1 - beta) / (1 - beta ** np.array(cls_num_list))
    return torch.tensor(weights / weights.sum() * len(cls_num_list)).float()


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight, self.gamma = weight, gamma

"""

WEIGHTED_PT = f"""\
{RIGHT_WEIGHTS}\
    def forward(self, logits, target):
        ce = F.cross_entropy(logits, target, weight=self.weight, reduction="none")
        return ((1 - torch.exp(-ce)) ** self.gamma * ce).mean()
"""

WEIGHTED_MEAN = f'''\
{RIGHT_WEIGHTS}\
    def forward(self, logits, target):
        """nll_loss divides by the sum of the weights."""
        log_p = F.log_softmax(logits, dim=1)
        return F.nll_loss((1 - log_p.exp()) ** self.gamma * log_p, target, weight=self.weight)
'''

BOTH = f"""\
{RIGHT_WEIGHTS}\
    def forward(self, logits, target):
        weight = torch.ones(logits.shape[1]) if self.weight is None else self.weight
        ce = F.cross_entropy(logits, target, weight=weight, reduction="none")
        return ((1 - torch.exp(-ce)) ** self.gamma * ce).sum() / weight[target].sum()
"""


def solutions() -> list[Right]:
    """The handout's loss in many spellings, then the variants that the assignment accepts."""
    styles = {
        "gather": ("log_softmax and gather; beta^n by np.power", GATHER),
        "one-hot": ("one-hot rows and logsumexp; weights as a list", ONE_HOT),
        "nll": ("nll_loss of the modulated rows; weights as an array", NLL),
        "cross-entropy-twice": (
            "cross-entropy with and without weights; expm1",
            CROSS_ENTROPY_TWICE,
        ),
        "by-sample": ("sample by sample, shape (1,); a list of tensors", BY_SAMPLE),
        "double": ("softmax in double precision; weights as a row", DOUBLE),
        "mask": ("all rows, picked by a mask; float32 throughout", COLUMNS),
        "weighted-pt": ("accepted: p_t from the weighted cross-entropy", WEIGHTED_PT),
        "weighted-mean": ("accepted: divided by the sum of the weights", WEIGHTED_MEAN),
        "weighted-pt-mean": ("accepted: both at once", BOTH),
    }
    return [LOSSES.with_text(name, title, HEAD + text) for name, (title, text) in styles.items()]
