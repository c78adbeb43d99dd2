//! Hilbert's curve.

use std::collections::BTreeSet;

use portbook::report::hilbert::{cell, step};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_cell_and_its_step_are_each_others(order in 0_u32..=15, at in any::<u32>()) {
        let at = at & ((1 << (2 * order)) - 1);
        let (column, row) = cell(order, at);
        prop_assert!(column < 1 << order && row < 1 << order);
        prop_assert_eq!(step(order, column, row), at);
    }

    #[test]
    fn the_next_step_is_the_next_cell(order in 1_u32..=15, at in any::<u32>()) {
        let at = at % ((1 << (2 * order)) - 1);
        let ((a, b), (c, d)) = (cell(order, at), cell(order, at + 1));
        prop_assert_eq!(a.abs_diff(c) + b.abs_diff(d), 1);
    }

    /// A prefix of an even length is a square whose corner is a multiple of its side.
    #[test]
    fn an_aligned_part_of_the_way_is_an_aligned_square(level in 0_u32..=6, at in any::<u32>()) {
        let (order, size) = (6, 1_u32 << (2 * (6 - level)));
        let first = at % (1 << (2 * order)) / size * size;
        let side = 1 << (order - level);
        let cells: BTreeSet<(u32, u32)> = (first..first + size).map(|at| cell(order, at)).collect();
        prop_assert_eq!(u32::try_from(cells.len()), Ok(size));
        let corners: BTreeSet<(u32, u32)> = cells.iter().map(|(column, row)| (column / side, row / side)).collect();
        prop_assert_eq!(corners.len(), 1);
    }
}

#[test]
fn every_cell_is_met_once() {
    let cells: BTreeSet<(u32, u32)> = (0..4096).map(|at| cell(6, at)).collect();
    assert_eq!(cells.len(), 4096);
}
