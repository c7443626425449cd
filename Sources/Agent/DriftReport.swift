package import NetworkState

/// What a host has been told to differ in: each thing is told once, until it differs otherwise or no more.
package struct DriftReport: Sendable {
    private var told: [ResourcePlace: Change] = [:]

    package init() {}

    package var count: Int { told.count }

    /// Compares with what a look has found: what is to be told of it, and what is as it should be again.
    package mutating func update(_ changes: [Change]) -> (new: [Change], gone: [Change]) {
        let found = Dictionary(changes.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
        let new = changes.filter { told[$0.place]?.isSame(as: $0) != true }
        let gone = told.filter { found[$0.key] == nil }.sorted { $0.key < $1.key }.map(\.value)
        told = found
        return (new, gone)
    }
}

extension Change {
    /// Where the topology says it may have moved by a line.
    fileprivate func isSame(as other: Change) -> Bool { before == other.before && after == other.after }
}
