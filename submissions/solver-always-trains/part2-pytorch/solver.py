"""Solver for Part 2."""

import torch
import yaml

import models


class Solver(object):
    def __init__(self, config="configs/config_twolayer.yaml"):
        with open(config) as f:
            self.config = yaml.safe_load(f)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = models.TwoLayerNet(3072, 256, 10).to(self.device)
        self.criterion = torch.nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), self.config["learning_rate"])

    def _compute_loss_update_params(self, data, target):
        data, target = data.to(self.device), target.to(self.device)
        self.optimizer.zero_grad()
        output = self.model(data)
        loss = self.criterion(output, target)
        loss.backward()
        self.optimizer.step()
        return output, loss
