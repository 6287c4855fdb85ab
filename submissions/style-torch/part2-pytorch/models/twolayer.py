import torch.nn as nn


class TwoLayerNet(nn.Module):
    def __init__(self, input_dim, hidden_size, num_classes):
        super(TwoLayerNet, self).__init__()
        self.input_dim = input_dim
        layers = []
        layers += [nn.Linear(input_dim, hidden_size), nn.Sigmoid()]
        layers += [nn.Linear(hidden_size, num_classes)]
        self.mlp = nn.Sequential(*layers)

    def forward(self, x):
        return self.mlp(x.view(-1, self.input_dim))
