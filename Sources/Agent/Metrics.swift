import NetworkState

/// What an agent counts.
package struct Metrics: Hashable, Sendable {
    package enum Result: String, CaseIterable, Sendable {
        case succeeded, failed
    }

    package var applies: [Result: Int] = [:]
    /// By kind of resource.
    package var repairs: [String: Int] = [:]
    package var looks: [Agenda.Cause: Int] = [:]
    package var overruns = 0
    package var invalidTopologies = 0
    package var isTopologyValid = false
    /// How many changes the host is away from its topology, as of the last look.
    package var drift = 0
    package var contested = 0
    /// In seconds of the wall clock.
    package var lastApply: Double?
    package var applyDurations = Histogram()

    package init() {}

    /// What is said to be repaired of each kind, even if nothing was: a counter that appears only when it is one tells
    /// no rate.
    static let kinds = ["netns", "link", "sysctl", "address", "neighbour", "fdb", "table", "route"]
}
