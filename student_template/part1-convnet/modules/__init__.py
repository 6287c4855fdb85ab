"""[given] The layers of Part 1, the loss, and the network that chains them."""

from modules.conv_classifier import ConvNet
from modules.convolution import Conv2D
from modules.linear import Linear
from modules.max_pool import MaxPooling
from modules.relu import ReLU
from modules.softmax_ce import SoftmaxCrossEntropy

__all__ = ["Conv2D", "ConvNet", "Linear", "MaxPooling", "ReLU", "SoftmaxCrossEntropy"]
