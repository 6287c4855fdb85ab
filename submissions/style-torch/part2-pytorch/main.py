"""One epoch of training, one of validation."""

from collections import Counter

import torch


def run_batch(net, loss_fn, batch):
    images, labels = batch
    scores = net.forward(images)
    return scores, loss_fn(scores, labels), labels


def train(epoch, data_loader, model, optimizer, criterion):
    model.train(True)
    for batch in data_loader:
        for p in model.parameters():
            p.grad = None
        run_batch(model, criterion, batch)[1].backward()
        optimizer.step()
    return epoch


def validate(epoch, val_loader, model, criterion):
    before = model.training
    model.train(False)
    pairs = Counter()
    with torch.inference_mode():
        for batch in val_loader:
            scores, _, labels = run_batch(model, criterion, batch)
            pairs.update(zip(labels.tolist(), scores.topk(1).indices.flatten().tolist()))
    model.train(before)
    confusion = torch.tensor([[pairs[i, j] for j in range(10)] for i in range(10)]).float()
    return float(confusion.trace() / confusion.sum()), confusion / confusion.sum(1, keepdim=True)
