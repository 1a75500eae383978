"""Heights of the rows of a long list, so that only the visible rows need widgets.

A Fenwick tree over whole pixels: changing one height, the top of a row and the row at a place each cost
O(log n) (P. Fenwick, "A new data structure for cumulative frequency tables", 1994).
"""

from collections.abc import Iterable


class Heights:
    """Row heights in pixels, each at least 0."""

    def __init__(self, values: Iterable[int] = ()) -> None:
        self._values: list[int] = []
        self._tree: list[int] = [0]
        self.reset(values)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, row: int) -> int:
        return self._values[row]

    def reset(self, values: Iterable[int]) -> None:
        """Replace all rows."""
        self._values = list(values)
        self._tree = [0, *self._values]
        for index in range(1, len(self._tree)):
            parent = index + (index & -index)
            if parent < len(self._tree):
                self._tree[parent] += self._tree[index]

    def insert(self, row: int, values: Iterable[int]) -> None:
        """Insert rows before `row`; cheap at the end, linear elsewhere."""
        added = list(values)
        if row < len(self):
            self.reset([*self._values[:row], *added, *self._values[row:]])
            return
        for value in added:
            self._append(value)

    def _append(self, value: int) -> None:
        index = len(self._values) + 1
        covered = self.top(index - 1) - self.top(index - (index & -index))
        self._values.append(value)
        self._tree.append(value + covered)

    def remove(self, row: int, count: int) -> None:
        """Take out `count` rows from `row` on."""
        self.reset([*self._values[:row], *self._values[row + count :]])

    def set(self, row: int, value: int) -> int:
        """Give `row` a new height and return by how much it grew."""
        grown = value - self._values[row]
        self._values[row] = value
        index = row + 1
        while grown and index < len(self._tree):
            self._tree[index] += grown
            index += index & -index
        return grown

    @property
    def total(self) -> int:
        """All heights together."""
        return self.top(len(self))

    def top(self, row: int) -> int:
        """Return the heights of all rows before `row` together."""
        total = 0
        while row > 0:
            total += self._tree[row]
            row -= row & -row
        return total

    def row_at(self, y: int) -> int:
        """Return the row that covers pixel `y`; the first or last row outside, -1 where there is none."""
        index, rest = 0, y
        step = 1 << max(0, len(self).bit_length() - 1)
        while step:
            following = index + step
            if following < len(self._tree) and self._tree[following] <= rest:
                index, rest = following, rest - self._tree[following]
            step >>= 1
        return min(index, len(self) - 1)
