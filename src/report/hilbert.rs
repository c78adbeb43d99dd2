//! Hilbert's curve: a walk through every cell of a square, in which neighbours on the way are neighbours in the square, and every
//! aligned quarter of the way is a quarter of the square. Laid along it, an address space shows a prefix of an even length as a square.
//!
//! D. Hilbert, "Über die stetige Abbildung einer Linie auf ein Flächenstück", Mathematische Annalen 38 (1891).

/// The cell `(column, row)` of step `step` of the curve of `order`, which has `2^order` columns and rows and `4^order` steps.
///
/// Orders above 15 and steps past the end have no cell: the result is that of 15 and of the step modulo the number of steps.
///
/// ```
/// use portbook::report::hilbert::cell;
///
/// assert_eq!([0, 1, 2, 3].map(|step| cell(1, step)), [(0, 0), (0, 1), (1, 1), (1, 0)]);
/// ```
pub fn cell(order: u32, step: u32) -> (u32, u32) {
    let order = order.min(15);
    let (mut column, mut row) = (0, 0);
    for level in 0..order {
        let side = 1 << level;
        let (right, up) = quarter(step >> (2 * level) & 3);
        (column, row) = turn(side, column, row, right, up);
        column += side * right;
        row += side * up;
    }
    (column, row)
}

/// The step at which the curve of `order` comes through a cell: the reverse of [`cell`].
pub fn step(order: u32, column: u32, row: u32) -> u32 {
    let order = order.min(15);
    let (mut column, mut row, mut step) = (column, row, 0);
    for level in (0..order).rev() {
        let side = 1 << level;
        let (right, up) = (column >> level & 1, row >> level & 1);
        step += side * side * ((3 * right) ^ up);
        (column, row) = turn(side, column & (side - 1), row & (side - 1), right, up);
    }
    step
}

/// In which half, to the right and up, a quarter of the way lies.
fn quarter(quarter: u32) -> (u32, u32) {
    let right = quarter >> 1 & 1;
    (right, (quarter ^ right) & 1)
}

/// The first quarter lies on its side, and the last one on the other; those between stand as the whole.
fn turn(side: u32, column: u32, row: u32, right: u32, up: u32) -> (u32, u32) {
    match (right, up) {
        (0, 0) => (row, column),
        (1, 0) => (side - 1 - row, side - 1 - column),
        _ => (column, row),
    }
}
