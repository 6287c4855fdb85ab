import torch
from torch import nn


def reweight(cls_num_list, beta=0.9999):
    weights = []
    for n in cls_num_list:
        effective = (1 - n**beta) / (1 - beta)
        weights.append(1 / effective)
    total = sum(weights)
    return torch.tensor([w * len(cls_num_list) / total for w in weights])


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight = weight
        self.gamma = gamma

    def forward(self, logits, target):
        log_p = torch.log_softmax(logits, dim=1)
        # log probability of the true class of each sample
        log_pt = log_p[range(len(target)), target]
        pt = log_pt.exp()
        loss = -((1 - pt) ** self.gamma) * log_pt
        if self.weight is not None:
            w = self.weight.view(-1, 1)
            loss = w[target] * loss
        return loss.mean()
