"""The two texts that Prometheus reads: its own format 0.0.4 and OpenMetrics 1.0, which also has exemplars. Pure.

The client library's encoders build an object for each line and go over all of them several times: a thousand accounts
took it over two seconds of a processor that has mail to send. This writes the same lines, which a test holds against
the library's own parser. There are no `_created` series: they double the counters and nobody asks for them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, assert_never

from maild.observe.metric import Kind, MetricInfo
from maild.observe.series import Distribution, Exemplar, Labels, SeriesPicture

_ESCAPES: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})

Gauges = Mapping[MetricInfo, Sequence[tuple[Labels, float]]]
Blocks = Mapping[MetricInfo, Sequence[str]]

_NO_BLOCKS: Final[Blocks] = MappingProxyType({})


def exposition(
    metrics: Iterable[MetricInfo], gauges: Gauges, picture: SeriesPicture, blocks: Blocks = _NO_BLOCKS, *, is_open: bool
) -> str:
    """Everything as text, in the order of `metrics`; `blocks` are gauges' lines that are written already, and `gauges`
    may hold counters that somebody else keeps. `is_open`: OpenMetrics.
    """
    lines: list[str] = []
    for metric in metrics:
        match metric.kind:
            case Kind.GAUGE:
                lines += _head(metric, metric.name, is_open=is_open)
                lines += _plain(metric, metric.name, gauges.get(metric, ()))
                lines += blocks.get(metric, ())
            case Kind.COUNTER:
                name = f"{metric.name}_total"
                lines += _head(metric, metric.name if is_open else name, is_open=is_open)
                lines += _plain(metric, name, picture.counters.get(metric, {}).items())
                lines += _plain(metric, name, gauges.get(metric, ()))
            case Kind.HISTOGRAM:
                lines += _head(metric, metric.name, is_open=is_open)
                lines += _histogram(metric, picture.histograms.get(metric, {}), is_open=is_open)
            case _:
                assert_never(metric.kind)
    if is_open:
        lines.append("# EOF")
    lines.append("")
    return "\n".join(lines)


def gauge_block(metric: MetricInfo, samples: Collection[tuple[Labels, float]]) -> str:
    """The lines of some series of a gauge, to be kept."""
    return "\n".join(_plain(metric, metric.name, samples))


def count_series(gauges: Gauges, picture: SeriesPicture) -> int:
    """How many time series that is: of a histogram one for each bucket, the sum and the count."""
    buckets = (len(metric.buckets) + 3 for metric, found in picture.histograms.items() for _ in found)
    return sum(map(len, gauges.values())) + sum(map(len, picture.counters.values())) + sum(buckets)


def _head(metric: MetricInfo, name: str, *, is_open: bool) -> Iterator[str]:
    yield f"# HELP {name} {metric.meaning}"
    yield f"# TYPE {name} {metric.kind.value}"
    if is_open and metric.unit:
        yield f"# UNIT {name} {metric.unit}"


def _plain(metric: MetricInfo, name: str, samples: Collection[tuple[Labels, float]]) -> list[str]:
    own = ",".join(f'{label}="%s"' for label in metric.labels)
    form = f"{name}{{{own}}} %r" if own else f"{name} %r"
    # One operation of the interpreter for a line: this is where the time goes.
    lines = [form % (*labels, value) for labels, value in samples]
    if _is_plain(metric, lines):
        return lines
    return [form % (*map(_escape, labels), value) for labels, value in samples]


def _histogram(metric: MetricInfo, found: Mapping[Labels, Distribution], *, is_open: bool) -> list[str]:
    own = ",".join(f'{label}="%s"' for label in metric.labels)
    bounds = [*map(repr, metric.buckets), "+Inf"]
    # One for all lines of a histogram: the labels, put in already, stand at each first %s.
    start = f"{metric.name}_bucket{{%s," if own else f"{metric.name}_bucket{{%s"
    end = "{%s}" if own else "%s"
    lines = [f'{start}le="{bound}"}} %s' for bound in bounds]
    lines += [f"{metric.name}_count{end} %d", f"{metric.name}_sum{end} %r"]
    form, blocks = "\n".join(lines), []
    shown = [own % labels for labels in found]
    if not _is_plain(metric, shown):
        shown = [own % tuple(map(_escape, labels)) for labels in found]
    for labels, distribution in zip(shown, found.values(), strict=True):
        counts = distribution.cumulated()
        values: list[object] = [labels] * (2 * len(counts) + 4)
        values[1::2] = [*counts, counts[-1], distribution.total]
        if is_open:
            for place, exemplar in distribution.exemplars.items():
                values[2 * place + 1] = f"{counts[place]}{_exemplar(exemplar)}"
        blocks.append(form % tuple(values))
    return blocks


def _exemplar(exemplar: Exemplar) -> str:
    return f' # {{{exemplar.label}="{_escape(exemplar.id)}"}} {exemplar.value!r} {exemplar.at_s:.3f}'


def _is_plain(metric: MetricInfo, lines: Sequence[str]) -> bool:
    """Whether no label's value needs escaping: hardly any does, and to look at all together is cheap."""
    text = "".join(lines)
    return "\\" not in text and "\n" not in text and text.count('"') == 2 * len(metric.labels) * len(lines)


def _escape(value: str) -> str:
    return value.translate(_ESCAPES)
