package import Testing

/// Waits until `actual` gives `expected`, and shows in which lines it does not if it never does: a kernel tells a link's
/// operational state some time after what it follows from.
package func expectSame(
    _ actual: @autoclosure () throws -> String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
) rethrows {
    var last = ""
    let isSame = try eventually(within: 5) {
        last = try actual()
        return last == expected
    }
    if !isSame { expectSameLines(last, expected, sourceLocation: sourceLocation) }
}

/// Compares two texts line by line, and shows just the lines in which they differ.
package func expectSameLines(
    _ actual: String, _ expected: String, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    if actual == expected { return }
    let changes = lines(actual).difference(from: lines(expected)).map { change in
        switch change {
        case .insert(let offset, let line, _): (offset, "+ \(line)")
        case .remove(let offset, let line, _): (offset, "- \(line)")
        }
    }
    let shown = changes.sorted { $0.0 < $1.0 }.prefix(40).map(\.1).joined(separator: "\n")
    Issue.record("not the same \(comment) (- expected, + actual):\n\(shown)", sourceLocation: sourceLocation)
}

private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
}
