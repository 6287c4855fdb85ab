import numpy as np
import torch
from torch.nn.functional import log_softmax, one_hot


def reweight(cls_num_list, beta=0.9999):
    n = np.asarray(cls_num_list)
    return list((1 - beta) / (1 - beta**n) * len(n) / sum((1 - beta) / (1 - beta**n)))


class FocalLoss(torch.nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight = None if weight is None else torch.tensor(np.array(weight)).float()
        self.gamma = gamma

    def forward(self, logits, target):
        log_p = log_softmax(logits, dim=-1)
        hot = one_hot(target, logits.size(-1))
        cost = -hot * (1 - log_p.exp()).pow(self.gamma) * log_p
        if self.weight is not None:
            cost = cost * self.weight
        return cost.sum() / len(target)
