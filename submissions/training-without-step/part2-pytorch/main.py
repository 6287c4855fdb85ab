"""Training loop."""

import torch
from tqdm import tqdm


def train(epoch, data_loader, model, optimizer, criterion):
    model.train()
    for data, target in tqdm(data_loader):
        optimizer.zero_grad()
        out = model(data)
        loss = criterion(out, target)
        loss.backward()
        tqdm.write(f"{epoch}: {loss.item():.4f}")


@torch.no_grad()
def validate(epoch, val_loader, model, criterion):
    model.eval()
    outs = [(model(data), target) for data, target in val_loader]
    model.train()
    logits = torch.cat([out for out, _ in outs])
    targets = torch.cat([target for _, target in outs])
    pred = logits.argmax(dim=1)
    cm = torch.stack([torch.bincount(pred[targets == c], minlength=10) for c in range(10)])
    print(epoch, criterion(logits, targets).item())
    return (pred == targets).float().mean().item(), cm / cm.sum(1, keepdim=True)
