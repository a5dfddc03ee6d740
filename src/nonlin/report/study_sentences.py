"""What a study's page says in sentences, each of them made from the results."""

from __future__ import annotations

from typing import Any

from nonlin.report.page import Span
from nonlin.report.study_metric import mean_of, metric_of, ranked, seeds_of
from nonlin.report.wording import capital, counted, duration, listed, uncapital

Results = dict[str, Any]


def second_line(results: Results) -> str:
    """Return the best mean beside the reference's, so that the verdict has its numbers."""
    metric, reference = metric_of(results), results["comparison"]["reference"]
    means = [(name, mean_of(one)) for name, one in ranked(results) if mean_of(one) is not None]
    if not means:
        return "No activation could be trained to the end."
    (best, mean), of_reference = means[0], dict(means).get(reference)
    if best == reference:
        return f"The reference {best} has the best mean {metric.name} on the test part: {metric.value(mean)}."
    beside = f", beside {metric.value(of_reference)} for {reference}" if of_reference is not None else ""
    return f"The best mean {metric.name} on the test part is {metric.value(mean)} for {best}{beside}."


def size_of_it(results: Results) -> str:
    split = results["data"]["split"]
    parts = (
        counted(len(results["activations"]), "activation"),
        f"{counted(len(seeds_of(results)), 'seed')} each",
        f"{split['train']:,} rows to train, {split['validation']:,} to tune, {split['test']:,} to test",
        duration(results["seconds"]),
        results["finished"].replace("T", " ")[:16],
    )
    return " · ".join(parts)


def warnings(results: Results) -> tuple[str, ...]:
    return tuple(results.get("notes") or ())


def about_rates(results: Results) -> str:
    seeds = tuning_seeds(results)
    mean = f", each as the mean of {seeds}" if seeds else ""
    return (
        f"Every activation was given the same learning rates{mean}. The ring marks the rate that was "
        "chosen, the one with the least loss on the validation part; a flat line means that the choice "
        "matters little, a cross that runs diverged."
    )


def about_slopes(results: Results) -> str:
    rows = results["data"]["split"]["validation"]
    return (
        "A unit passes no gradient where the slope of its activation is exactly zero. The first column is "
        "the share of units × validation rows for which that is so after training; a unit that is silent "
        f"on all {rows:,} validation rows may be dead, or may wake on rows that were not seen."
    )


def how_to_read(results: Results) -> tuple[str, ...]:
    comparison, metric = results["comparison"], metric_of(results)
    reference, confidence = comparison["reference"], f"{100 * comparison['confidence']:g} %"
    seeds, test = counted(len(seeds_of(results)), "seed"), results["data"]["split"]["test"]
    side = "right" if metric.higher_is_better else "left"
    return (
        f"{capital(metric.name)} is {uncapital(results['metric'].get('explanation') or 'the metric.')}",
        f"Each activation is compared with {reference} seed by seed: both start from the same random draws "
        "and see the rows in the same order, so what the seed brings is subtracted.",
        f"The intervals hold together with {confidence} confidence ({comparison['method']}): if no "
        f"activation differed from {reference}, at least one false “better” or “worse” would appear in at "
        f"most {100 * (1 - comparison['confidence']):.3g} % of such studies.",
        f"“better” or “worse” means that the whole interval lies on one side of zero; {side} is better.",
        "“no difference shown” means that the interval contains zero. It does not mean that the "
        f"activations are equal: {still_possible(results)}",
        f"The interval tells how the result varies with the seed ({seeds}). It does not tell how it would "
        f"vary with other data or with another split: the test part is one sample of {test:,} rows.",
        "Means are ranked even where no difference is shown: neighbours in the ranking may well change "
        "places.",
        "Time per step was measured on this machine, in this network; a larger network spends a smaller "
        "share of its time in the activation.",
    )


def still_possible(results: Results) -> str:
    """Say how large a difference the intervals leave open."""
    undecided = [
        one["difference"]["interval"]
        for one in results["activations"].values()
        if one["verdict"] == "no difference shown" and one.get("difference")
    ]
    if not undecided:
        return "in this study, no activation got this verdict."
    widest = Span(min(low for low, _ in undecided), max(high for _, high in undecided))
    return f"taken together, the intervals leave open anything from {metric_of(results).difference(widest)}."


def protocol(results: Results) -> tuple[str, ...]:
    steps = (task, split, network, tuning, training, testing)
    return tuple(sentence for step in steps if (sentence := step(results)))


def task(results: Results) -> str:
    data = results["data"]
    outputs = (
        f"{counted(data['outputs'], 'class', 'classes')}" if data["task"] == "classification" else "a number"
    )
    inputs = f"from {counted(data['features'], 'feature')}, {counted(data['rows'], 'row')}"
    reason = f" {data['task_reason']}" if data.get("task_reason") else ""
    return f"The task is {data['task']}: {outputs} {inputs} ({data['source']}).{reason}"


def split(results: Results) -> str:
    parts, seed = results["data"]["split"], results["settings"].get("split_seed")
    drawn = f" with split seed {seed}" if seed is not None else ""
    return (
        f"The rows were split once{drawn}: {parts['train']:,} to train, {parts['validation']:,} to choose "
        f"the learning rate, {parts['test']:,} to test. Whatever is learned from columns, such as their "
        "scale, was learned on the training part."
    )


def network(results: Results) -> str:
    settings = results["settings"]
    if settings.get("model"):
        return f"The network is yours, {settings['model']}, built anew with each activation."
    hidden = settings.get("hidden") or []
    layers = f"hidden layers of {listed([str(width) for width in hidden])} units"
    return (
        f"The network is a multilayer perceptron with {layers}. Its weights start with the gain that keeps "
        "the signal's variance for the activation in use."
    )


def tuning(results: Results) -> str:
    settings = results["settings"]
    rates, seeds = settings.get("learning_rates") or [], tuning_seeds(results)
    if not rates:
        return ""
    each = f", with {seeds} each" if seeds else ""
    return (
        f"For each activation the same {counted(len(rates), 'learning rate')} were tried "
        f"({', '.join(f'{rate:g}' for rate in rates)}){each}; the one with the best mean on the validation "
        "part was kept."
    )


def tuning_seeds(results: Results) -> str:
    """Return how many seeds tuned each rate, whether the settings list them or count them."""
    seeds = results["settings"].get("tuning_seeds")
    number = len(seeds) if isinstance(seeds, list) else seeds
    return counted(number, "seed") if number else ""


def training(results: Results) -> str:
    settings = results["settings"]
    seeds = counted(len(seeds_of(results)), "seed")
    long = f" for {counted(settings['epochs'], 'epoch')}" if settings.get("epochs") else ""
    batches = f" in batches of {settings['batch_size']:,} rows" if settings.get("batch_size") else ""
    optimizer = f" by {settings['optimizer']}" if settings.get("optimizer") else ""
    return (
        "With its learning rate fixed, each activation was trained anew with "
        f"{seeds}{long}{batches}{optimizer}; the same seed means the same draws and the same order of rows "
        f"for every activation.{epoch_kept(results)}"
    )


def epoch_kept(results: Results) -> str:
    kept = results["settings"].get("epoch_kept")
    return f" Of each run, this epoch's network was tested: {kept}." if kept else ""


def testing(results: Results) -> str:
    comparison = results["comparison"]
    number = comparison["comparisons"]
    return (
        f"The test part was used once, at the end. {counted(number, 'activation was', 'activations were')} "
        f"compared with {comparison['reference']}: {comparison['method']}."
    )
