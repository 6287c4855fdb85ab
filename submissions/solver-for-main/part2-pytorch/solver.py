"""Training and validation in a class."""

import copy
import time

import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader

from losses import FocalLoss, reweight
from models import MyModel, TwoLayerNet, VanillaCNN, resnet32


class Solver:
    def __init__(self, **kwargs):
        self.batch_size = kwargs.pop("batch_size", 128)
        self.model_type = kwargs.pop("model", "TwoLayerNet")
        self.device = kwargs.pop("device", "cpu")
        self.lr = kwargs.pop("learning_rate", 0.0001)
        self.momentum = kwargs.pop("momentum", 0.9)
        self.epochs = kwargs.pop("epochs", 10)

        dataset = torchvision.datasets.CIFAR10("./data", train=True, download=True)
        self.train_loader = DataLoader(dataset, batch_size=self.batch_size, shuffle=True)
        if self.model_type == "TwoLayerNet":
            self.model = TwoLayerNet(3 * 32 * 32, 256, 10)
        elif self.model_type == "VanillaCNN":
            self.model = VanillaCNN()
        elif self.model_type == "MyModel":
            self.model = MyModel()
        else:
            self.model = resnet32()
        self.model = self.model.to(self.device)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), self.lr, momentum=self.momentum)

    def train(self):
        best, best_model = 0.0, None
        for epoch in range(self.epochs):
            start = time.time()
            self.model.train()
            for data, target in self.train_loader:
                self._compute_loss_update_params(data.to(self.device), target.to(self.device))
            print(epoch, time.time() - start)
            best_model = copy.deepcopy(self.model)
        torch.save(best_model.state_dict(), "./checkpoints/" + self.model_type.lower() + ".pth")
        return best

    def _compute_loss_update_params(self, data, target):
        output = None
        loss = None
        if self.model.training:
            output = self.model(data)
            loss = self.criterion(output, target)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        else:
            with torch.no_grad():
                output = self.model(data)
                loss = self.criterion(output, target)
        return output, loss
