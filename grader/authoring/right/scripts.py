"""Whole scripts with right steps: an older main.py, and the solver.py of newer cohorts."""

from __future__ import annotations

from grader.authoring.right.right import Right
from grader.authoring.right.steps import MAIN

SOLVER = "part2-pytorch/solver.py"

OWN_MAIN = '''\
"""An older edition of the script: averages by hand, no modes, settings from YAML."""

import argparse
import copy
import os
import time

import numpy as np
import torch
import torchvision
import torchvision.transforms as transforms
import yaml
from models import MyModel, TwoLayerNet, VanillaCNN, resnet32
from losses import FocalLoss, reweight
from data import IMBALANCECIFAR10

parser = argparse.ArgumentParser(description="HW2")
parser.add_argument("--config", default="./config.yaml")


class Meter(object):
    def __init__(self):
        self.val = self.sum = self.count = self.avg = 0

    def update(self, val, n=1):
        self.val = val
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count


def accuracy(output, target):
    _, pred = torch.max(output, dim=-1)
    return pred.eq(target).sum() * 1.0 / target.shape[0]


def train(epoch, data_loader, model, optimizer, criterion):
    iter_time, losses, acc = Meter(), Meter(), Meter()
    for idx, (data, target) in enumerate(data_loader):
        start = time.time()
        if torch.cuda.is_available():
            data, target = data.cuda(), target.cuda()
        out = model(data)
        loss = criterion(out, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.update(loss.item(), out.shape[0])
        acc.update(accuracy(out, target), out.shape[0])
        iter_time.update(time.time() - start)
        if idx % 10 == 0:
            print("Epoch: [%d][%d/%d] loss %.4f" % (epoch, idx, len(data_loader), losses.val))


def validate(epoch, val_loader, model, criterion):
    losses, acc = Meter(), Meter()
    num_class = 10
    cm = torch.zeros(num_class, num_class)
    for idx, (data, target) in enumerate(val_loader):
        if torch.cuda.is_available():
            data, target = data.cuda(), target.cuda()
        with torch.no_grad():
            out = model(data)
            loss = criterion(out, target)
        for t, p in zip(target.view(-1), torch.max(out, dim=-1)[1].view(-1)):
            cm[t.long(), p.long()] += 1
        losses.update(loss.item(), out.shape[0])
        acc.update(accuracy(out, target), out.shape[0])
    cm = cm / cm.sum(1)
    for i in range(num_class):
        print("class %d: %.4f" % (i, cm.diag().numpy().tolist()[i]))
    return acc.avg, cm


def main():
    args = parser.parse_args()
    with open(args.config) as f:
        config = yaml.safe_load(f)
    model = {"TwoLayerNet": TwoLayerNet(3072, 256, 10), "VanillaCNN": VanillaCNN()}[config["model"]]
    print(copy.deepcopy(model), np.__version__, os.getcwd(), transforms.ToTensor())


if __name__ == "__main__":
    main()
'''

RUNS_SOLVER = '''\
"""Train a network: the steps are in solver.py."""

import argparse

import yaml

from solver import Solver


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", default="./config.yaml")
    with open(parser.parse_args().config) as file:
        Solver(**yaml.safe_load(file)).train()


if __name__ == "__main__":
    main()
'''

SOLVER_BY_MODE = """\
import copy

import torch
from torchvision import datasets

from losses import FocalLoss
from models import MyModel, TwoLayerNet, VanillaCNN


class Solver(object):
    def __init__(self, **kwargs):
        self.device = kwargs.pop("device", "cpu")
        self.train_set = datasets.CIFAR10("./data", train=True, download=True)
        self.model = {"TwoLayerNet": TwoLayerNet, "MyModel": MyModel}[kwargs["model"]]()
        self.criterion = torch.nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=kwargs["lr"])
        self.best = copy.deepcopy(self.model)

    def train(self):
        self.model.train()
        for data, target in self.train_set:
            self._compute_loss_update_params(data, target)

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
"""

SOLVER_GRAD_ENABLED = '''\
import torch


class Base:
    def _forward(self, data, target):
        logits = self.model(data.to(self.device))
        return logits, self.criterion(logits, target.to(self.device))


class Solver(Base):
    """The mode of the model decides whether a graph is made."""

    def __init__(self, model, criterion, optimizer, device="cuda"):
        self.model, self.device = model.to(device), torch.device(device)
        self.criterion, self.optimizer = criterion, optimizer

    def _compute_loss_update_params(self, data, target):
        with torch.set_grad_enabled(self.model.training):
            pair = list(self._forward(data, target))
        if self.model.training:
            pair[1].backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
        return pair
'''


def solutions() -> list[Right]:
    """One script, and two classes that a short script runs."""
    title = "an older edition's whole script: no modes, averages by hand"
    solvers = {
        "solver-by-mode": ("solver.py, two branches by the model's mode", SOLVER_BY_MODE),
        "solver-grad-enabled": ("solver.py, set_grad_enabled; a list", SOLVER_GRAD_ENABLED),
    }
    return [
        MAIN.with_text("own-main", title, OWN_MAIN),
        *(
            Right(f"steps-{name}", title, {MAIN.path: RUNS_SOLVER, SOLVER: text}, MAIN.checks)
            for name, (title, text) in solvers.items()
        ),
    ]
