"""Regions are counted exactly: lines in general position, folds, a dense grid, and areas that sum to the square's."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput
from nonlin.lab.experiments.linear_regions import folding
from nonlin.lab.network import Layer
from nonlin.lab.regions import area, general_position, most, outline, patterns, regions, rounded, square


def random_layers(seed: int, sizes: tuple[int, ...], f: nl.Elementwise = nl.relu) -> list[Layer]:
    random = np.random.default_rng(seed)
    return [
        Layer(random.standard_normal((n, m)), 0.5 * random.standard_normal(m), f) for n, m in pairwise(sizes)
    ]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 10, 25])
def test_lines_in_general_position_make_as_many_as_is_known(n: int) -> None:
    assert (
        len(regions(random_layers(n, (2, n)), -1e6, 1e6)) == 1 + n + n * (n - 1) // 2 == general_position(n)
    )


@pytest.mark.parametrize("n", [1, 3, 6])
def test_two_kinks_a_unit_make_pairs_of_parallel_lines(n: int) -> None:
    found = len(regions(random_layers(n, (2, n), nl.hard_tanh), -1e6, 1e6))
    assert found == 1 + 2 * n + 4 * n * (n - 1) // 2


def test_concurrent_and_parallel_lines_make_fewer() -> None:
    star = Layer(np.array([[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, -1.0]]), np.zeros(4), nl.relu)
    eighths = regions([star], -1, 1)
    assert len(eighths) == 8
    assert {area(cell) for cell in eighths} == {Fraction(1, 2)}
    comb = Layer(np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]), np.array([0.0, 0.5, -0.5]), nl.relu)
    assert len(regions([comb], -1, 1)) == 4
    twice = Layer(np.array([[1.0, 2.0], [1.0, 2.0]]), np.zeros(2), nl.relu)
    assert len(regions([twice], -1, 1)) == 2


def test_a_line_along_the_square_s_side_or_through_its_corner_only_cuts_nothing() -> None:
    side = Layer(np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, 2.0]), nl.relu)
    assert len(regions([side], -1, 1)) == 1


def test_units_that_are_constant_cut_nothing() -> None:
    dead = Layer(np.zeros((2, 3)), np.array([-1.0, 0.0, 1.0]), nl.relu)
    (cell,) = regions([dead], -1, 1)
    assert cell.pattern == ((0, 0, 1),)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_folds_make_four_to_the_power_of_the_depth(depth: int) -> None:
    cells = regions(folding(depth), 0, 1)
    assert len(cells) == 4**depth
    assert {area(cell) for cell in cells} == {Fraction(1, 4**depth)}


@pytest.mark.parametrize(
    "f", [nl.relu, nl.leaky_relu, nl.hard_tanh, nl.hard_sigmoid, nl.thresholded_relu], ids=lambda f: f.name
)
@pytest.mark.parametrize("seed", range(3))
def test_a_dense_grid_meets_the_regions_and_no_others(f: nl.Elementwise, seed: int) -> None:
    layers = random_layers(seed, (2, 5, 4, 3), f)
    cells = {cell.pattern: cell for cell in regions(layers, -2, 2)}
    side = np.linspace(-2, 2, 402)[1:-1]
    seen = patterns(layers, np.array(list(product(side, side))))
    assert seen <= cells.keys()
    spacing = side[1] - side[0]
    wide = {pattern for pattern, cell in cells.items() if holds_a_square(outline(cell), 2 * spacing)}
    assert len(wide) >= 3
    assert wide <= seen


def holds_a_square(corners: tuple[tuple[float, float], ...], size: float) -> bool:
    """Return whether a square of this size around the mean corner lies inside a convex polygon."""
    points = np.array(corners)
    middle = points.mean(axis=0)
    turned = np.roll(points, -1, axis=0)
    normals = np.stack([-(turned - points)[:, 1], (turned - points)[:, 0]], axis=1)
    for corner in product((-size / 2, size / 2), repeat=2):
        if np.any(np.sum(normals * (middle + corner - points), axis=1) <= 0):
            return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_areas_sum_to_the_square_s_exactly_and_no_pattern_comes_twice(seed: int) -> None:
    cells = regions(random_layers(seed, (2, 8, 8)), -2, 2)
    assert sum(map(area, cells)) == 16
    assert all(area(cell) > 0 for cell in cells)
    assert len({cell.pattern for cell in cells}) == len(cells) <= most([8, 8])


def test_what_a_cell_says_is_what_the_network_says_in_its_middle() -> None:
    layers = random_layers(4, (2, 6, 5, 3), nl.leaky_relu)
    for cell in regions(layers, -2, 2):
        x = y = np.mean(outline(cell), axis=0)
        for layer in layers:
            y = nl.leaky_relu(y @ rounded(layer.weights) + rounded(layer.bias))
        ours = [(a * Fraction(x[0]) + b * Fraction(x[1]) + c) / Fraction(2**24) ** 7 for a, b, c in cell.maps]
        np.testing.assert_allclose([float(v) for v in ours], y, rtol=1e-5, atol=1e-6)


def test_a_slice_through_more_inputs_is_the_network_on_that_plane() -> None:
    random = np.random.default_rng(0)
    plane = random.standard_normal((3, 7))
    layers = random_layers(0, (7, 6, 4))
    cells = {cell.pattern for cell in regions(layers, -1, 1, plane)}
    side = np.linspace(-1, 1, 99)[1:-1]
    points = np.array(list(product(side, side))) @ rounded(plane[:2]) + rounded(plane[2])
    assert patterns(layers, points) <= cells


def test_what_bends_is_refused() -> None:
    with pytest.raises(InvalidInput, match="gelu is not of straight pieces"):
        regions(random_layers(0, (2, 3), nl.gelu), -1, 1)


def test_the_square_is_one_region_without_layers() -> None:
    assert regions([], -1, 1)[0].corners == square(-1, 1).corners
