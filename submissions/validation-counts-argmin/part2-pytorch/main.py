"""Steps of training and validation, and accuracy per epoch."""

import torch


def step(model, data, target, criterion):
    output = model(data)
    return output, criterion(output, target)


def train(epoch, data_loader, model, optimizer, criterion):
    for data, target in data_loader:
        output, loss = step(model, data, target, criterion)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def validate(epoch, val_loader, model, criterion):
    training = model.training
    model.eval()
    confusion = torch.zeros(10, 10)
    for data, target in val_loader:
        with torch.no_grad():
            output, _ = step(model, data, target, criterion)
        predicted = torch.argmin(output, dim=1)
        for i in range(len(target)):
            confusion[target[i]][predicted[i]] += 1
    model.train(training)
    accuracy = (confusion.diag().sum() / confusion.sum()).item()
    return accuracy, confusion / confusion.sum(dim=1).clamp(min=1).unsqueeze(1)
