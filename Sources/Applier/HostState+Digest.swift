import NetworkState

extension HostState {
    /// A hash of all that plans depend on, with that of each namespace's routes as it was told.
    func digest(withRoutes routes: [Netns: UInt64]) -> UInt64 {
        var (rest, hash) = (self, StableHash())
        for (netns, state) in sortedNamespaces {
            rest.namespaces[netns]?.routes = Table()
            hash.add(word: routes[netns] ?? 0)
            hash.add(state.nextHops)
        }
        var writer = JSONWriter(.tabular)
        writer.write(rest)
        hash.add(word: writer.hash)
        return hash.value
    }
}

extension StableHash {
    fileprivate mutating func add(_ nextHops: NextHops) {
        add(word: nextHops.areKnown ? 1 : 0)
        for object in nextHops.ours.sorted { add(object.json.line.utf8) }
        for numbers in [nextHops.foreign, nextHops.grouped] {
            add(word: UInt64(numbers.count))
            numbers.sorted().forEach { add(word: UInt64($0)) }
        }
    }
}
