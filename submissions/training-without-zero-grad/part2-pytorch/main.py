"""Train and validate."""

import argparse

import matplotlib.pyplot as plt
import torch
import yaml
from torchvision import datasets, transforms

import models

parser = argparse.ArgumentParser()
parser.add_argument("--config", default="./configs/config_twolayer.yaml")


class AverageMeter:
    def __init__(self):
        self.sum, self.count, self.avg = 0, 0, 0

    def update(self, val, n=1):
        self.sum += val * n
        self.count += n
        self.avg = self.sum / self.count


def accuracy(output, target):
    _, pred = torch.max(output, dim=-1)
    return pred.eq(target).sum() * 1.0 / target.shape[0]


def train(epoch, data_loader, model, optimizer, criterion):
    losses, acc = AverageMeter(), AverageMeter()
    for idx, (data, target) in enumerate(data_loader):
        if torch.cuda.is_available():
            data, target = data.cuda(), target.cuda()
        out = model(data)
        loss = criterion(out, target)
        loss.backward()
        optimizer.step()

        losses.update(loss.item(), out.shape[0])
        acc.update(accuracy(out, target).item(), out.shape[0])
        if idx % 10 == 0:
            print(f"Epoch: [{epoch}][{idx}/{len(data_loader)}]\tLoss {losses.avg:.4f}\tPrec @1 {acc.avg:.4f}")


def validate(epoch, val_loader, model, criterion):
    acc = AverageMeter()
    cm = torch.zeros(10, 10)
    for data, target in val_loader:
        with torch.no_grad():
            out = model(data)
            loss = criterion(out, target)
        acc.update(accuracy(out, target).item(), out.shape[0])
        for t, p in zip(target.view(-1), out.argmax(1).view(-1)):
            cm[t.long(), p.long()] += 1
    print(f"* Prec @1: {acc.avg:.4f} (loss {loss.item():.3f})")
    return acc.avg, cm / cm.sum(1)


def main():
    args = parser.parse_args()
    with open(args.config) as f:
        config = yaml.safe_load(f)
    data = datasets.CIFAR10("./data", train=True, download=True, transform=transforms.ToTensor())
    loader = torch.utils.data.DataLoader(data, batch_size=config["batch_size"], shuffle=True)
    model = models.TwoLayerNet(3072, 256, 10)
    optimizer = torch.optim.SGD(model.parameters(), config["learning_rate"])
    criterion = torch.nn.CrossEntropyLoss()
    curve = []
    for epoch in range(config["epochs"]):
        train(epoch, loader, model, optimizer, criterion)
        curve.append(validate(epoch, loader, model, criterion)[0])
    plt.plot(curve)
    plt.savefig("curve.png")
    torch.save(model.state_dict(), "./checkpoints/twolayernet.pth")


if __name__ == "__main__":
    main()
