import numpy as np
import torch


def train(epoch, data_loader, model, optimizer, criterion):
    history = []
    for i, (x, y) in enumerate(data_loader):
        optimizer.zero_grad()
        y_hat = model(x)
        loss = criterion(y_hat, y).item()
        history.append(loss)
        loss.backward()
        optimizer.step()
        if i % 100 == 0:
            print(f"[{epoch}, {i}] {np.mean(history):.3f}")
    return history


def validate(epoch, val_loader, model, criterion):
    was_training = model.training
    model.eval()
    correct, n, loss = 0, 0, 0.0
    confusion = np.zeros((10, 10))
    for x, y in val_loader:
        with torch.no_grad():
            y_hat = model(x)
            loss += criterion(y_hat, y).item()
        pred = y_hat.numpy().argmax(axis=1)
        np.add.at(confusion, (y.numpy(), pred), 1)
        correct += (pred == y.numpy()).sum()
        n += len(y)
    model.train(was_training)
    print(f"[{epoch}] validation {loss / len(val_loader):.3f}")
    return correct / n, confusion / confusion.sum(axis=1, keepdims=True)
