import torch


def train(epoch, data_loader, model, optimizer, criterion):
    running_loss = 0
    for batch_idx, (images, labels) in enumerate(data_loader):
        scores = model(images)
        batch_loss = criterion(scores, labels)
        batch_loss.backward()
        optimizer.step()
        model.zero_grad()
        running_loss += batch_loss
    print("epoch", epoch, "loss", running_loss / (batch_idx + 1))


def validate(epoch, val_loader, model, criterion):
    model.eval()
    right, total, loss = 0, 0, 0
    matrix = torch.zeros((10, 10))
    with torch.no_grad():
        for images, labels in val_loader:
            scores = model(images)
            loss += criterion(scores, labels)
            guess = scores.argmax(-1)
            right += (guess == labels).sum().item()
            total += labels.numel()
            for a, b in zip(labels, guess):
                matrix[a, b] += 1
    print("validation", right / total, loss / len(val_loader))
    return right / total, matrix / matrix.sum(dim=1, keepdim=True)
