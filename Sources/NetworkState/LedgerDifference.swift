/// What tells one ledger from another: of each, only what the other has not or has otherwise.
///
/// Of a hundred thousand routes an apply changes few, and this is what it has to write down.
package struct LedgerDifference: Hashable, Sendable {
    fileprivate let before: Ledger
    fileprivate let after: Ledger

    package init(from before: Ledger, to after: Ledger) {
        self.before = before.part(beyond: after)
        self.after = after.part(beyond: before)
    }

    /// `ledger`, of which it does not matter whether it is as before or as after, as it is after.
    package func forward(_ ledger: Ledger) -> Ledger { ledger.replacing(before, by: after) }

    /// `ledger`, of which it does not matter whether it is as before or as after, as it was before.
    package func back(_ ledger: Ledger) -> Ledger { ledger.replacing(after, by: before) }

    /// What is known while nobody knows how much of the way from before to after has been gone: see ``Ledger/union(_:)``.
    package func between(_ ledger: Ledger) -> Ledger { back(ledger).union(forward(ledger)) }
}

extension LedgerDifference {
    /// Nil if `json` is not what ``JSONWriter`` writes of it.
    package init?(json: JSON) {
        guard let before = json["before"].flatMap(Ledger.init(json:)),
            let after = json["after"].flatMap(Ledger.init(json:))
        else { return nil }
        (self.before, self.after) = (before, after)
    }
}

extension JSONWriter {
    package mutating func write(_ difference: LedgerDifference) {
        object([("after", { $0.write(difference.after) }), ("before", { $0.write(difference.before) })])
    }
}

extension Ledger {
    fileprivate func part(beyond other: Ledger) -> Ledger {
        var part = self
        part.namespaces.subtract(other.namespaces)
        part.entries = entries.part(beyond: other.entries)
        part.former = former.part(beyond: other.former)
        return part
    }

    fileprivate func replacing(_ old: Ledger, by new: Ledger) -> Ledger {
        var ledger = new
        ledger.namespaces = namespaces.subtracting(old.namespaces).union(new.namespaces)
        ledger.entries = entries.replacing(old.entries, by: new.entries)
        ledger.former = former.replacing(old.former, by: new.former)
        return ledger
    }
}

extension HostState {
    /// A namespace that differs is there even if nothing in it is beyond: that there is one may be all.
    fileprivate func part(beyond other: HostState) -> HostState {
        HostState(
            Dictionary(
                uniqueKeysWithValues: namespaces.compactMap { netns, state in
                    let counterpart = other.namespaces[netns]
                    return state == counterpart
                        ? nil : (netns, state.part(beyond: counterpart ?? NamespaceState()))
                }))
    }

    fileprivate func replacing(_ old: HostState, by new: HostState) -> HostState {
        var result = self
        for netns in Set(old.namespaces.keys).union(new.namespaces.keys) {
            let (former, later) = (old.namespaces[netns], new.namespaces[netns])
            let state = (namespaces[netns] ?? NamespaceState()).replacing(
                former ?? NamespaceState(), by: later ?? NamespaceState())
            result.namespaces[netns] = later == nil && state.isEmpty ? nil : state
        }
        return result
    }
}

extension NamespaceState {
    fileprivate func part(beyond other: NamespaceState) -> NamespaceState {
        var part = NamespaceState()
        part.links = links.part(beyond: other.links)
        part.sysctls = sysctls.part(beyond: other.sysctls)
        part.addresses = addresses.part(beyond: other.addresses)
        part.neighbours = neighbours.part(beyond: other.neighbours)
        part.fdb = fdb.part(beyond: other.fdb)
        part.tables = tables.part(beyond: other.tables)
        part.routes = routes.part(beyond: other.routes)
        return part
    }

    fileprivate func replacing(_ old: NamespaceState, by new: NamespaceState) -> NamespaceState {
        var result = self
        result.links = links.replacing(old.links, by: new.links)
        result.sysctls = sysctls.replacing(old.sysctls, by: new.sysctls)
        result.addresses = addresses.replacing(old.addresses, by: new.addresses)
        result.neighbours = neighbours.replacing(old.neighbours, by: new.neighbours)
        result.fdb = fdb.replacing(old.fdb, by: new.fdb)
        result.tables = tables.replacing(old.tables, by: new.tables)
        result.routes = routes.replacing(old.routes, by: new.routes)
        return result
    }
}
