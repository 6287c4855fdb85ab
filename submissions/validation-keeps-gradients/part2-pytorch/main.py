import torch


def train(epoch, loader, net, opt, loss_fn):
    net.train()
    total = 0.0
    for x, y in loader:
        opt.zero_grad()
        pred = net(x)
        loss = loss_fn(pred, y)
        loss.backward()
        opt.step()
        total += loss.item()
    print(f"{epoch}: {total / len(loader)}")


def validate(epoch, loader, net, loss_fn):
    torch.no_grad()  # no gradients needed here
    hits = 0
    images = 0
    confusion = [[0] * 10 for _ in range(10)]
    for x, y in loader:
        pred = net(x)
        loss = loss_fn(pred, y)
        best = pred.max(1)[1]
        hits += int((best == y).sum())
        images += len(x)
        for truth, guess in zip(y.tolist(), best.tolist()):
            confusion[truth][guess] += 1
    print(f"{epoch}: last loss {loss.item()}, accuracy {hits / images}")
    return hits / images, torch.tensor(confusion)
