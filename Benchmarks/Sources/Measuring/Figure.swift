/// What repeated measurements of one thing say together: the middle, and how far they lie apart.
package struct Figure: Hashable, Sendable, Codable {
    package let median: Double
    package let least: Double
    package let most: Double

    /// Nil of nothing.
    package init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        (least, most) = (first, last)
    }

    /// Half of the range, as a part of the median.
    package var spread: Double { median == 0 ? 0 : (most - least) / 2 / median }
}

extension Figure {
    /// How many times as much `values` are as those of `others` that were measured in the same round.
    package init?(_ values: [Double], over others: [Double]) {
        self.init(zip(values, others).compactMap { $1 > 0 ? $0 / $1 : nil })
    }
}

/// How a cost grows from one size to a larger one: 1 where twice the size takes twice the time, 2 where it takes four times that.
///
/// Nil where nothing can be said.
package func growth(from small: (size: Int, cost: Double), to large: (size: Int, cost: Double)) -> Double? {
    guard small.size > 0, large.size > small.size, small.cost > 0, large.cost > 0 else { return nil }
    return logarithm(large.cost / small.cost) / logarithm(Double(large.size) / Double(small.size))
}
