"""Right solutions of Linear."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

LINEAR = Task("linear", "part1-convnet/modules/linear.py", frozenset({"1.6"}))

DOT = """\
    def forward(self, x):
        flat = np.reshape(x, (x.shape[0], -1))
        out = np.dot(flat, self.weight) + self.bias
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        flat = np.reshape(x, (x.shape[0], np.prod(x.shape[1:])))
        self.dx = np.dot(dout, self.weight.T).reshape(x.shape)
        self.dw = np.dot(flat.T, dout)
        self.db = np.sum(dout, axis=0, keepdims=True)
"""

EINSUM = """\
    def forward(self, x):
        self.cache = x.reshape(len(x), -1), x.shape
        return np.einsum("nd,do->no", self.cache[0], self.weight) + self.bias[None]

    def backward(self, dout):
        flat, shape = self.cache
        self.dx = np.einsum("no,do->nd", dout, self.weight).reshape(shape)
        self.dw = np.einsum("nd,no->do", flat, dout)
        self.db = np.einsum("no->o", dout)
"""

MATMUL_COLUMNS = '''\
    def forward(self, x):
        """Samples as columns, as textbooks have them; the outputs are a transposed view."""
        self.shape = x.shape
        self.columns = x.reshape(x.shape[0], -1).T
        return (np.matmul(self.weight.T, self.columns) + self.bias[:, np.newaxis]).T

    def backward(self, dout):
        errors = dout.T
        self.dx = np.matmul(self.weight, errors).T.reshape(self.shape)
        self.dw = np.matmul(errors, self.columns.T).T
        self.db = np.matmul(errors, np.ones((errors.shape[1], 1))).ravel()
'''

TENSORDOT = '''\
    def forward(self, x):
        """Nothing is flattened: the weight takes the shape of a sample instead."""
        self.cache = x
        kernel = self.weight.reshape(*x.shape[1:], -1)
        return np.tensordot(x, kernel, axes=x.ndim - 1) + self.bias

    def backward(self, dout):
        x = self.cache
        kernel = self.weight.reshape(*x.shape[1:], -1)
        self.dx = np.tensordot(dout, kernel, axes=([1], [x.ndim - 1]))
        self.dw = np.tensordot(x, dout, axes=([0], [0])).reshape(self.weight.shape)
        self.db = sum(dout)
'''

LOOPS = """\
    def forward(self, x):
        print("Linear", x.shape)
        self.rows = [sample.flatten() for sample in x]
        self.x_shape = x.shape
        out = np.zeros((len(self.rows), self.out_dim))
        for n, row in enumerate(self.rows):
            for o in range(self.out_dim):
                out[n, o] = self.bias[o]
                for d in range(self.in_dim):
                    out[n, o] += row[d] * self.weight[d, o]
        return out

    def backward(self, dout):
        dx = np.zeros((len(self.rows), self.in_dim))
        self.dw = np.zeros((self.in_dim, self.out_dim))
        self.db = np.zeros(self.out_dim)
        for n, row in enumerate(self.rows):
            self.dw += np.outer(row, dout[n])
            self.db += dout[n]
            for d in range(self.in_dim):
                dx[n, d] = (self.weight[d] * dout[n]).sum()
        self.dx = dx.reshape(self.x_shape)
        return self.dx, self.dw, self.db
"""

HOMOGENEOUS = '''\
    def forward(self, x):
        """The bias as one more row of the weight; dw and db are views of one array."""
        self.x = x
        self.extended = np.c_[x.reshape(len(x), -1), np.ones(len(x))]
        return self.extended @ np.vstack([self.weight, self.bias])

    def backward(self, dout):
        both = self.extended.T @ dout
        self.dw, self.db = both[:-1], both[-1]
        extended = dout @ np.vstack([self.weight, self.bias]).T
        self.dx = extended[:, : self.in_dim].reshape(self.x.shape)
'''

FLOAT32_FORTRAN = """\
    def forward(self, x):
        self.weight = np.asfortranarray(self.weight, dtype=np.float32)
        self.bias = self.bias.astype(np.float32)
        self.cache = {"x": np.array(x, dtype=np.float32), "shape": x.shape}
        flat = self.cache["x"].reshape(-1, self.in_dim)
        out = np.zeros((len(x), self.out_dim), dtype=np.float32, order="F")
        np.add(flat @ self.weight, self.bias, out=out)
        return out

    def backward(self, dout):
        dout = np.asfortranarray(dout, dtype=np.float32)
        flat = self.cache["x"].reshape(-1, self.in_dim)
        self.dx = np.reshape(dout @ self.weight.T, self.cache["shape"])
        self.dw = np.asfortranarray((dout.T @ flat).T)
        self.db = dout.sum(axis=0)
"""

BROADCAST = """\
    def forward(self, x):
        self.flat = x.copy().reshape(x.shape[0], self.in_dim)
        self.like = np.empty(x.shape)
        return (self.flat[:, :, None] * self.weight[None]).sum(axis=1) + self.bias

    def backward(self, dout):
        products = self.flat[:, :, None] * dout[:, None, :]
        self.dw = products.sum(axis=0)
        self.db = dout.mean(axis=0) * dout.shape[0]
        self.like.flat = (dout[:, None, :] * self.weight).sum(axis=2)
        self.dx = self.like
"""


def solutions() -> list[Right]:
    """By products of matrices, by sums of products, by loops."""
    styles = {
        "dot": ("np.dot; db of shape (1, out)", DOT),
        "einsum": ("np.einsum throughout", EINSUM),
        "columns": ("samples as columns, transposed views", MATMUL_COLUMNS),
        "tensordot": ("the weight in a sample's shape; nothing is flattened", TENSORDOT),
        "loops": ("loops; prints, returns the gradients as well", LOOPS),
        "homogeneous": ("the bias as a row of the weight; views of one gradient", HOMOGENEOUS),
        "float32-fortran": ("float32 in Fortran order, the parameters too", FLOAT32_FORTRAN),
        "broadcast": ("sums of broadcast products; db from a mean", BROADCAST),
    }
    return [LINEAR.with_methods(name, *style) for name, style in styles.items()]
