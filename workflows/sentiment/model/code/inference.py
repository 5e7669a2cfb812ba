"""A sentiment model as SageMaker hosts it: the four functions of an inference script.

It is a naive Bayes classifier of words and word pairs, trained in well under a second when the
endpoint starts, from the labelled reviews beside this folder (DATA.md says where they come from).
SageMaker's container has Python 3.9 and scikit-learn 1.2.
"""

import json
from pathlib import Path
from typing import Any, TypedDict

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline

JSON_LINES = "application/jsonlines"

# Product reviews rarely are one short sentence, as many of the items to predict are: the short
# ones that were written for this model count three times.
_TRAINING_FILES = {"product_reviews.tsv": 1, "short_reviews.tsv": 3}


class Prediction(TypedDict):
    """One line of the endpoint's answer."""

    probability: float
    predicted_label: int


def model_fn(model_dir: str) -> Pipeline:
    """Train the classifier from the reviews in ``model_dir``."""
    labels: list[int] = []
    texts: list[str] = []
    weights: list[int] = []
    for name, weight in _TRAINING_FILES.items():
        for line in Path(model_dir, name).read_text(encoding="utf-8").splitlines():
            label, text = line.split("\t")
            labels.append(int(label))
            texts.append(text)
            weights.append(weight)
    words = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w[\w']*\b"
    )
    model = Pipeline([("words", words), ("label", MultinomialNB(alpha=0.05))])
    return model.fit(texts, labels, label__sample_weight=weights)


def input_fn(body: bytes | str, content_type: str) -> list[str]:
    """Read JSON Lines of ``{"features": [review]}``."""
    if content_type != JSON_LINES:
        raise ValueError(f"content type must be {JSON_LINES}, got {content_type}")
    text = body.decode("utf-8") if isinstance(body, bytes) else body
    reviews = []
    # Not splitlines: a JSON text may hold other separators of lines, such as U+2028.
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        reviews.append(_review(number, json.loads(line)))
    return reviews


def _review(number: int, line: Any) -> str:
    features = line.get("features") if isinstance(line, dict) else None
    if not isinstance(features, list) or [type(review) for review in features] != [str]:
        raise ValueError(f'line {number} must be {{"features": [review]}}, got {line!r}')
    return features[0]


def predict_fn(reviews: list[str], model: Pipeline) -> list[Prediction]:
    """Give each review its most probable label: -1 negative, 0 neutral, 1 positive."""
    return [
        Prediction(probability=float(row.max()), predicted_label=int(model.classes_[row.argmax()]))
        for row in model.predict_proba(reviews)
    ]


def output_fn(predictions: list[Prediction], accept: str) -> bytes:
    """Write one JSON line a prediction; ``accept`` may ask for nothing else."""
    if accept not in (JSON_LINES, "*/*", ""):
        raise ValueError(f"accept must be {JSON_LINES}, got {accept}")
    return "".join(json.dumps(prediction) + "\n" for prediction in predictions).encode()
