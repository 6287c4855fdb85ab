"""Class-balanced weights and focal loss."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def reweight(cls_num_list, beta=0.9999):
    per_cls_weights = torch.zeros(len(cls_num_list))
    for i, count in enumerate(cls_num_list):
        per_cls_weights[i] = (1 - beta) / (1 - beta**count)
    return per_cls_weights


class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight, self.gamma = weight, gamma

    def forward(self, x, y):
        probabilities = F.softmax(x, dim=1).gather(1, y.unsqueeze(1)).squeeze(1)
        ce = F.cross_entropy(x, y, reduction="none")
        focal = (1 - probabilities).pow(self.gamma) * ce
        if self.weight is not None:
            focal = focal * torch.as_tensor(self.weight)[y]
        return torch.mean(focal)
