import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        batch, channels, size, _ = x.shape
        out_size = int((size - self.kernel_size) / self.stride) + 1
        out = np.zeros([batch, channels, out_size, out_size])
        where = {}
        for b in range(batch):
            for ch in range(channels):
                for i in range(out_size):
                    for j in range(out_size):
                        top, left = i * self.stride, j * self.stride
                        window = x[b, ch, top : top + self.kernel_size, left : left + self.kernel_size]
                        r, c = np.unravel_index(window.argmax(), window.shape)
                        out[b, ch, i, j] = window[r, c]
                        where[b, ch, i, j] = (top + r, left + c)
        self.cache = [x.shape, where]
        return out

    def backward(self, dout):
        shape, where = self.cache
        self.dx = np.zeros(shape)
        for (b, ch, i, j), (row, col) in where.items():
            self.dx[b, ch, row, col] += dout[b, ch, i, j]
