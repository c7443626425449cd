extension TopologyComparison {
    /// What topologies can differ in, as somebody who minds names it.
    package enum Matter: String, CaseIterable, Sendable {
        case lostPairs = "lost-pairs"
        case changedPairs = "changed-pairs"
        case gainedPairs = "gained-pairs"
        case cutPairs = "cut-pairs"
        /// That would do something, that come or go, and that all hosts share.
        case hosts, nodes, settings
    }

    /// Whether they differ in it.
    package func isIn(_ matter: Matter) -> Bool {
        switch matter {
        case .lostPairs: pairs.contains { $0.kind == .lost }
        case .changedPairs: pairs.contains { $0.kind == .changed }
        case .gainedPairs: pairs.contains { $0.kind == .gained }
        case .cutPairs: !interruptions.isEmpty
        case .hosts: !hosts.isEmpty
        case .nodes: !arrivals.isEmpty
        case .settings: !settings.isEmpty
        }
    }
}
