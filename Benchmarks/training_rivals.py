#!/usr/bin/env python3
"""Other programs' models of who has what, trained on the same histories as `souk evaluate sequences`, on two threads.

    Benchmarks/training_rivals.py NAME DATA RUN [--validation] [FACTORS=N …]      NAME: als, bpr (implicit), ease (NumPy's inverse) or
                                                                            ease_cholesky (LAPACK's spotrf and spotri by SciPy)

DATA holds lines `user item item …`, oldest first; the last item of each is left out (with --validation the last two, and the last
but one is the target). Writes ten items a user to RUN and prints one JSON object: seconds of training from a matrix in memory,
seconds of all lists, NDCG@10 and Recall@10.
"""
import argparse, json, math, os, sys, time

THREADS = int(os.environ.get("THREADS", "2"))
# implicit has threads of its own and asks for BLAS on one.
os.environ["OPENBLAS_NUM_THREADS"] = str(THREADS) if sys.argv[1:2] and sys.argv[1].startswith("ease") else "1"

import numpy as np
import scipy.sparse as sparse

TOP = 10
# Factors and rounds are those of Souk; the rest was chosen by NDCG@10 on the last item but one of Amazon Beauty, as Souk's own.
ALS = {"factors": 192, "regularization": 0.4, "alpha": 40.0, "iterations": 15}
BPR = {"factors": 64, "learning_rate": 0.05, "regularization": 0.003, "iterations": 60}
EASE = {"regularization": 500.0, "decay": 0.6}


class Factors:
    """A model of `implicit`, which is asked for all users at once."""

    def __init__(self, model) -> None:
        self.model = model

    def train(self, matrix) -> None:
        self.model.fit(matrix, show_progress=False)

    def lists(self, matrix, histories):
        ids, _ = self.model.recommend(np.arange(matrix.shape[0]), matrix, N=TOP, filter_already_liked_items=True)
        return ids


class LinearAutoencoder:
    """EASE (Steck, WWW 2019) as it is mostly written with NumPy, in single precision; newer items weigh more, as in Souk."""

    def __init__(self, inverse, regularization: float, decay: float) -> None:
        self.inverse, self.regularization, self.decay = inverse, regularization, decay

    def train(self, matrix) -> None:
        gram = (matrix.T @ matrix).toarray().astype(np.float32)
        places = np.diag_indices(gram.shape[0])
        gram[places] += self.regularization
        inverse = self.inverse(gram)
        self.weights = inverse / -np.diag(inverse)
        self.weights[places] = 0

    def lists(self, matrix, histories):
        rows, columns, values = [], [], []
        for user, items in enumerate(histories):
            for age, item in enumerate(reversed(items)):
                rows.append(user)
                columns.append(item)
                values.append(self.decay ** age)
        weighted = sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=matrix.shape)
        best = []
        for first in range(0, matrix.shape[0], 1024):
            part = slice(first, min(first + 1024, matrix.shape[0]))
            scores = weighted[part] @ self.weights
            scores[matrix[part].nonzero()] = -np.inf
            top = np.argpartition(-scores, TOP, axis=1)[:, :TOP]
            best.append(np.take_along_axis(top, np.argsort(-np.take_along_axis(scores, top, axis=1), axis=1), axis=1))
        return np.concatenate(best)


def inverse_by_cholesky(gram):
    from scipy.linalg import lapack
    factor, status = lapack.spotrf(gram.T, overwrite_a=True)
    upper, status = lapack.spotri(factor, overwrite_c=True) if status == 0 else (factor, status)
    if status != 0:
        raise RuntimeError("the matrix is not positive definite")
    return np.triu(upper) + np.triu(upper, 1).T


def make(name: str, settings: dict):
    if name == "als":
        from implicit.cpu.als import AlternatingLeastSquares
        return Factors(AlternatingLeastSquares(**(ALS | settings), num_threads=THREADS, random_state=1))
    if name == "bpr":
        from implicit.cpu.bpr import BayesianPersonalizedRanking
        return Factors(BayesianPersonalizedRanking(**(BPR | settings), num_threads=THREADS, random_state=1))
    return LinearAutoencoder(inverse_by_cholesky if name == "ease_cholesky" else np.linalg.inv, **(EASE | settings))


def read(path: str, is_validation: bool):
    """Users' names, items' names, histories by item number, targets."""
    users, lines = [], []
    with open(path) as file:
        for line in file:
            user, *items = line.split()
            users.append(user)
            lines.append(items)
    names = sorted({item for items in lines for item in items}, key=lambda name: (len(name), name))
    numbers = {name: place for place, name in enumerate(names)}
    if is_validation:
        users, lines = zip(*[(user, items[:-1]) for user, items in zip(users, lines) if len(items) > 2])
    return users, names, [[numbers[item] for item in items[:-1]] for items in lines], [numbers[items[-1]] for items in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=["als", "bpr", "ease", "ease_cholesky"])
    parser.add_argument("data")
    parser.add_argument("run")
    parser.add_argument("--validation", action="store_true")
    parser.add_argument("settings", nargs="*", help="of the model, such as factors=32")
    arguments = parser.parse_intermixed_args()
    settings = {key: float(value) if "." in value else int(value) for key, value in (s.split("=") for s in arguments.settings)}
    users, names, histories, targets = read(arguments.data, arguments.validation)
    pairs = sorted({(user, item) for user, items in enumerate(histories) for item in items})
    rows, columns = np.array(pairs, np.int32).T
    matrix = sparse.csr_matrix((np.ones(len(pairs), np.float32), (rows, columns)), shape=(len(users), len(names)))
    model = make(arguments.name, settings)
    began, processor = time.perf_counter(), time.process_time()
    model.train(matrix)
    trained, train_processor = time.perf_counter(), time.process_time()
    lists = model.lists(matrix, histories)
    answered = time.perf_counter()
    gains = [1 / math.log2(list(own).index(target) + 2) if target in own else 0.0 for own, target in zip(lists.tolist(), targets)]
    with open(arguments.run, "w") as file:
        for user, own in zip(users, lists.tolist()):
            file.write(" ".join([user, *(names[item] for item in own)]) + "\n")
    print(json.dumps({
        "users": len(users), "ndcg@10": sum(gains) / len(gains), "recall@10": sum(g > 0 for g in gains) / len(gains),
        "train_seconds": trained - began, "train_processor_seconds": train_processor - processor, "list_seconds": answered - trained,
    }))


if __name__ == "__main__":
    main()
