"""Training and validation, until it is perfect."""

import torch


def train(epoch, data_loader, model, optimizer, criterion):
    for data, target in data_loader:
        accuracy = 0
        while accuracy <= 1:
            output = model(data)
            loss = criterion(output, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            accuracy = (output.argmax(dim=1) == target).float().mean().item()


def validate(epoch, val_loader, model, criterion):
    correct, count = 0, 0
    with torch.no_grad():
        while count >= 0:
            for data, target in val_loader:
                correct += (model(data).argmax(dim=1) == target).sum().item()
                count += len(target)
    return correct / count, torch.eye(10)
